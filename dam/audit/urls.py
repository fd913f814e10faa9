"""Addresses of the audit trail."""

from django.urls import URLPattern, path

from dam.audit import views

urlpatterns: list[URLPattern] = [
    path("audit/", views.audit, name="audit"),
    path("audit/export/", views.export_audit, name="export-audit"),
]
