"""Addresses of the search."""

from django.urls import path

from search import (
    music_views,
    opensearch,
    recent,
    recent_views,
    saved_views,
    similar_views,
    suggest_views,
    views,
)

urlpatterns = [
    path("search/", recent.remembered(views.search), name="search"),
    path("search/suggest/", suggest_views.suggestions, name="suggestions"),
    path("search/recent/", recent_views.recent_searches, name="recent-searches"),
    path("search/recent/forget/", recent_views.forget_searches, name="forget-searches"),
    path("search/recent/<int:pk>/forget/", recent_views.forget_search, name="forget-search"),
    path("search/saved/", saved_views.saved_searches, name="saved-searches"),
    path("search/saved/new/", saved_views.new_saved_search, name="new-saved-search"),
    path("search/saved/read/", saved_views.read_news, name="read-news"),
    path("search/saved/<int:pk>/", saved_views.saved_search, name="saved-search"),
    path("search/saved/<int:pk>/open/", saved_views.open_saved_search, name="open-saved-search"),
    path("search/saved/<int:pk>/edit/", saved_views.edit_saved_search, name="edit-saved-search"),
    path("search/saved/<int:pk>/alerts/", saved_views.set_alerts, name="saved-search-alerts"),
    path("search/saved/<int:pk>/delete/", saved_views.delete_saved_search, name="delete-saved-search"),
    path("search/saved/<int:pk>/restore/", saved_views.restore_saved_search, name="restore-saved-search"),
    path("search/help/", views.search_help, name="search-help"),
    path("search/similar/", similar_views.similar, name="similar"),
    path("search/similar-topics/<int:pk>/", similar_views.similar_topics, name="similar-topics"),
    path("search/music/", music_views.similar_music, name="similar-music"),
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("opensearch/suggestions/", opensearch.suggestions, name="opensearch-suggestions"),
    path("music/", music_views.mood_map, name="music-map"),
]
