"""Addresses of the search."""

from django.urls import path

from search import music_views, similar_views, views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/similar/", similar_views.similar, name="similar"),
    path("search/music/", music_views.similar_music, name="similar-music"),
    path("music/", music_views.mood_map, name="music-map"),
]
