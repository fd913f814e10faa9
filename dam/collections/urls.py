"""Addresses of collections."""

from django.urls import path

from dam.collections import views

urlpatterns = [
    path("collections/", views.collections, name="collections"),
    path("collections/<int:pk>/", views.collection, name="collection"),
    path("collections/<int:pk>/edit/", views.edit_collection, name="edit-collection"),
    path("collections/<int:pk>/delete/", views.delete_collection, name="delete-collection"),
    path("libraries/new/", views.new_library, name="new-library"),
    path("assets/<int:pk>/collections/", views.add_asset, name="add-to-collection"),
    path(
        "assets/<int:pk>/collections/<int:collection_pk>/remove/",
        views.remove_asset,
        name="remove-from-collection",
    ),
]
