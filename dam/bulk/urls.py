"""Addresses of this room."""

from django.urls import path

from dam.bulk import import_views, views

urlpatterns = [
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/choose/", views.choose, name="bulk-choose"),
    path("bulk/select/", views.select, name="bulk-select"),
    path("bulk/import/", import_views.upload, name="bulk-import"),
    path("bulk/import/<int:pk>/", import_views.match, name="bulk-match"),
    path("bulk/<int:pk>/edit/", views.edit, name="bulk-edit"),
    path("bulk/jobs/<int:pk>/", views.job, name="bulk-job"),
    path("bulk/jobs/<int:pk>/steer/", views.steer, name="bulk-steer"),
    path("bulk/jobs/<int:pk>/report.csv", views.download, name="bulk-report"),
]
