"""Addresses of the library and its assets."""

from django.urls import path

from dam.assets import transcript_views, views

urlpatterns = [
    path("", views.library, name="library"),
    path("assets/<int:pk>/", views.asset, name="asset"),
    path("assets/<int:pk>/original", views.original, name="original"),
    path("assets/<int:pk>/renditions/<slug:name>", views.rendition, name="rendition"),
    path("assets/<int:pk>/transcript/", transcript_views.transcript, name="transcript"),
    path("facts/<int:pk>/correct/", transcript_views.correct, name="correct-speech"),
    path("facts/<int:pk>/correct/undo/", transcript_views.undo, name="undo-correction"),
    path("upload/", views.upload, name="upload"),
]
