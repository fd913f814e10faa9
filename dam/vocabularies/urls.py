"""Addresses of vocabularies, terms and the map."""

from django.urls import path

from dam.vocabularies import import_views, place_views, suggest_views, term_views, views

urlpatterns = [
    path("vocabularies/", views.vocabularies, name="vocabularies"),
    path("vocabularies/suggest/", suggest_views.suggest_terms, name="suggest-terms"),
    path("vocabularies/<int:pk>/", views.vocabulary, name="vocabulary"),
    path("vocabularies/<int:pk>/edit/", views.edit_vocabulary, name="edit-vocabulary"),
    path("vocabularies/<int:pk>/delete/", views.delete_vocabulary, name="delete-vocabulary"),
    path("vocabularies/<int:pk>/restore/", views.restore_vocabulary, name="restore-vocabulary"),
    path("vocabularies/<int:pk>/vocabulary.<str:ending>", views.export_vocabulary, name="export-vocabulary"),
    path("vocabularies/<int:pk>/terms/new/", term_views.new_term, name="new-term"),
    path("vocabularies/<int:pk>/import/", import_views.new_import, name="new-vocabulary-import"),
    path("vocabularies/imports/<int:pk>/", import_views.vocabulary_import, name="vocabulary-import"),
    path(
        "vocabularies/imports/<int:pk>/confirm/",
        import_views.confirm_import,
        name="confirm-vocabulary-import",
    ),
    path("vocabularies/changes/<int:pk>/undo/", term_views.undo_change, name="undo-vocabulary-change"),
    path("vocabularies/terms/<int:pk>/", term_views.term, name="term"),
    path("vocabularies/terms/<int:pk>/branch/", term_views.branch, name="term-branch"),
    path("vocabularies/terms/<int:pk>/edit/", term_views.edit_term, name="edit-term"),
    path("vocabularies/terms/<int:pk>/merge/", term_views.merge_term, name="merge-term"),
    path("vocabularies/terms/<int:pk>/delete/", term_views.delete_term, name="delete-term"),
    path("map/", place_views.place_map, name="place-map"),
    path("map/points/", place_views.map_points, name="map-points"),
]
