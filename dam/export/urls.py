"""Addresses of exports."""

from django.urls import path

from dam.export import views

urlpatterns = [path("assets/<int:pk>/export/<slug:format>", views.export, name="export")]
