"""Addresses of the search."""

from django.urls import path

from search import similar_views, views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/similar/", similar_views.similar, name="similar"),
]
