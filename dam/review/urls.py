"""Addresses of the review queue, and of measured precision."""

from django.urls import path

from dam.review import decision_views, precision_views, views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/group/", views.review_group, name="review-group"),
    path("review/labels/", views.labels, name="review-labels"),
    path("review/decide/", decision_views.decide, name="review-decide"),
    path("review/batches/<int:pk>/undo/", decision_views.undo, name="undo-review"),
    path("review/precision/", precision_views.measured, name="review-precision"),
    path("review/precision/<int:pk>/keep/", precision_views.keep_label, name="keep-label"),
]
