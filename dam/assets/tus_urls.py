"""Addresses of resumable uploads, to be included by those of the assets."""

from django.urls import path

from dam.assets.tus import Continuation, Creation

urlpatterns = [
    path("upload/tus/", Creation.as_view(), name="tus"),
    path("upload/tus/<uuid:key>", Continuation.as_view(), name="tus-upload"),
]
