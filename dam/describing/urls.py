"""Addresses of describing, of history, of the trash and of earlier files."""

from django.urls import path

from dam.describing import file_views, history_views, trash_views, views

urlpatterns = [
    path("assets/<int:pk>/describe/", views.describe, name="describe"),
    path("describe/date/", views.read_date, name="read-date"),
    path("assets/<int:pk>/history/", history_views.asset_history, name="asset-history"),
    path("assets/<int:pk>/history/compare/", history_views.compare, name="compare-versions"),
    path("assets/<int:pk>/history/restore/", history_views.restore_field, name="restore-field"),
    path(
        "collections/<int:pk>/history/",
        history_views.row_history,
        {"sort": "collection"},
        name="collection-history",
    ),
    path(
        "collections/<int:pk>/history/restore/",
        history_views.restore_row,
        {"sort": "collection"},
        name="restore-collection",
    ),
    path("people/<int:pk>/history/", history_views.row_history, {"sort": "person"}, name="person-history"),
    path(
        "people/<int:pk>/history/restore/",
        history_views.restore_row,
        {"sort": "person"},
        name="restore-person",
    ),
    path("assets/<int:pk>/trash/", trash_views.move_to_trash, name="trash-asset"),
    path("trash/", trash_views.trash, name="trash"),
    path("trash/restore/", trash_views.restore, name="restore-assets"),
    path("trash/purge/", trash_views.purge, name="purge"),
    path("trash/purges/<int:pk>/", trash_views.purging_page, name="purging"),
    path("trash/<int:pk>/picture", trash_views.trashed_picture, name="trashed-picture"),
    path("assets/<int:pk>/replace/", file_views.replace, name="replace-file"),
    path("assets/<int:pk>/files/<int:version_pk>/", file_views.version, name="file-version"),
    path("assets/<int:pk>/files/<int:version_pk>/restore/", file_views.restore, name="restore-file"),
]
