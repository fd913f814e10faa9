"""The whole site, as the API is served with it."""

from django.urls import include, path

urlpatterns = [path("", include("dam.urls"))]
