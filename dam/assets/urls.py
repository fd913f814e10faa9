"""Addresses of the library and its assets."""

from django.urls import path

from dam.assets import views

urlpatterns = [
    path("", views.library, name="library"),
    path("assets/<int:pk>/", views.asset, name="asset"),
    path("assets/<int:pk>/original", views.original, name="original"),
    path("assets/<int:pk>/renditions/<slug:name>", views.rendition, name="rendition"),
    path("upload/", views.upload, name="upload"),
]
