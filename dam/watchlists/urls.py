"""Addresses of watch lists and alerts."""

from django.urls import path

from dam.watchlists import alert_views, views

urlpatterns = [
    path("watchlists/", views.watchlists, name="watchlists"),
    path("watchlists/<int:pk>/", views.watchlist, name="watchlist"),
    path("watchlists/<int:pk>/edit/", views.edit_watchlist, name="edit-watchlist"),
    path("watchlists/<int:pk>/delete/", views.delete_watchlist, name="delete-watchlist"),
    path("watchlists/<int:pk>/entries.txt", views.export_watchlist, name="export-watchlist"),
    path("watchlists/<int:pk>/follow/", alert_views.follow_watchlist, name="follow-watchlist"),
    path("alerts/", alert_views.alerts, name="alerts"),
]
