"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.account.urls")),
    path("api/", include("dam.api.urls")),
    path("", include("dam.assets.tus_urls")),
    path("", include("dam.assets.urls")),
    path("", include("dam.collections.urls")),
    path("", include("dam.export.urls")),
    path("", include("dam.people.urls")),
    path("", include("dam.sharing.urls")),
    path("", include("dam.watchlists.urls")),
    path("", include("dam.review.urls")),
    path("", include("dam.describing.urls")),
    path("", include("dam.vocabularies.urls")),
    path("", include("dam.rights.urls")),
    path("", include("dam.bulk.urls")),
    path("", include("dam.audit.urls")),
    path("", include("dam.webhooks.urls")),
    path("", include("dam.discussion.urls")),
    path("", include("search.urls")),
    path("", include("indexing.urls")),
]
