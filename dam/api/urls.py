"""Addresses of the API, all below /api/."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from dam.api.views.addresses import NoSuchAddress
from dam.api.views.annotations import AnnotationViewSet
from dam.api.views.assets import AssetViewSet, TrashViewSet
from dam.api.views.collections import CollectionViewSet
from dam.api.views.jobs import ItemViewSet, JobViewSet
from dam.api.views.libraries import LibraryViewSet
from dam.api.views.renditions import RenditionViewSet
from dam.api.views.search import SearchView
from dam.api.views.token import TokenView

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("assets", AssetViewSet, "asset")
router.register("trash", TrashViewSet, "trash")
router.register("collections", CollectionViewSet, "collection")
router.register("libraries", LibraryViewSet, "library")
router.register("ingest-jobs", JobViewSet, "ingest-job")

of_an_asset = [
    path("annotations/", AnnotationViewSet.as_view({"get": "list"}), name="annotation-list"),
    path("annotations/<int:pk>/", AnnotationViewSet.as_view({"get": "retrieve"}), name="annotation-detail"),
    path(
        "annotations/<int:pk>/review/",
        AnnotationViewSet.as_view({"post": "review"}),
        name="annotation-review",
    ),
    path("renditions/", RenditionViewSet.as_view({"get": "list"}), name="rendition-list"),
    path("renditions/<slug:name>/", RenditionViewSet.as_view({"get": "content"}), name="rendition-content"),
]

urlpatterns = [
    path("", include(router.urls)),
    path("assets/<int:asset>/", include(of_an_asset)),
    path(
        "collections/<int:pk>/assets/<int:asset>/",
        CollectionViewSet.as_view({"delete": "remove_asset"}),
        name="collection-asset",
    ),
    path("ingest-jobs/<int:job>/items/", ItemViewSet.as_view({"get": "list"}), name="ingest-item-list"),
    path("search/", SearchView.as_view(), name="search"),
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"[\s\S]+", NoSuchAddress.as_view(), name="no-such-address"),
]
