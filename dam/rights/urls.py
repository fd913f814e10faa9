"""Addresses of this room."""

from django.urls import URLPattern, path

from dam.rights import download_views, public_views, publishing_views, views

urlpatterns: list[URLPattern] = [
    path("assets/<int:pk>/rights/", views.asset_rights, name="asset-rights"),
    path("assets/<int:pk>/publish/", publishing_views.publish_asset, name="publish-asset"),
    path("assets/<int:pk>/download/", download_views.download, name="download"),
    path("assets/<int:pk>/downloads/", download_views.downloads, name="asset-downloads"),
    path("collections/<int:pk>/rights/", views.collection_rights, name="collection-rights"),
    path("collections/<int:pk>/publish/", publishing_views.publish_collection, name="publish-collection"),
    path("libraries/<int:pk>/rights/", views.library_rights, name="library-rights"),
    path("libraries/<int:pk>/watermark/", views.mark_sample, name="watermark-sample"),
    path("p/<int:pk>-<str:slug>/", public_views.asset, name="public-asset"),
    path("p/<int:pk>/<slug:name>", public_views.rendition, name="public-rendition"),
    path("p/<int:pk>/captions/<str:language>.vtt", public_views.captions, name="public-captions"),
    path("sitemap.xml", public_views.sitemap, name="sitemap"),
    path("robots.txt", public_views.robots, name="robots"),
]
