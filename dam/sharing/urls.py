"""Addresses of members."""

from django.urls import path

from dam.sharing import views

urlpatterns = [
    path("libraries/<int:pk>/members/", views.members, name="members"),
    path("libraries/<int:pk>/members/<int:membership_pk>/remove/", views.remove_member, name="remove-member"),
]
