"""Addresses of webhooks."""

from django.urls import URLPattern, path

from dam.webhooks import views

urlpatterns: list[URLPattern] = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/edit/", views.edit_webhook, name="edit-webhook"),
    path("webhooks/<int:pk>/test/", views.test_webhook, name="test-webhook"),
    path("webhooks/<int:pk>/remove/", views.remove_webhook, name="remove-webhook"),
    path("webhooks/<int:pk>/restore/", views.restore_webhook, name="restore-webhook"),
    path("webhooks/messages/<int:pk>/again/", views.send_again, name="send-webhook-again"),
]
