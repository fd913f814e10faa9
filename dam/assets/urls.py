"""Addresses of the library and its assets."""

from django.urls import path

from dam.assets import regions_views, transcript_views, turns_views, views

urlpatterns = [
    path("", views.library, name="library"),
    path("assets/<int:pk>/", views.asset, name="asset"),
    path("assets/<int:pk>/original", views.original, name="original"),
    path("assets/<int:pk>/renditions/<slug:name>", views.rendition, name="rendition"),
    path("assets/<int:pk>/transcript/", transcript_views.transcript, name="transcript"),
    path("facts/<int:pk>/correct/", transcript_views.correct, name="correct-speech"),
    path("facts/<int:pk>/correct/undo/", transcript_views.undo, name="undo-correction"),
    path("assets/<int:pk>/transcript/edit/", turns_views.editor, name="edit-transcript"),
    path("assets/<int:pk>/transcript/state/", turns_views.set_state, name="transcript-state"),
    path("assets/<int:pk>/speakers/<int:number>/", turns_views.call_speaker, name="call-speaker"),
    path("facts/<int:pk>/turn/", turns_views.edit, name="edit-turn"),
    path("facts/<int:pk>/turn/undo/", turns_views.undo_edit, name="undo-turn"),
    path("assets/<int:pk>/places/", regions_views.place_facts, name="place-facts"),
    path("facts/<int:pk>/place/", regions_views.change_place, name="change-place"),
    path("facts/<int:pk>/place/remove/", regions_views.remove_place, name="remove-place"),
    path("facts/<int:pk>/place/restore/", regions_views.restore_place, name="restore-place"),
    path("upload/", views.upload, name="upload"),
]
