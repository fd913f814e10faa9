"""Addresses of jobs and models."""

from django.urls import path

from indexing import alike_views, decisions, highlight_views, narration_views, views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/steer/", views.steer_job, name="steer-job"),
    path("libraries/<int:pk>/indexing/", views.steer, name="steer"),
    path("assets/<int:pk>/retry/", views.retry_asset, name="retry-asset"),
    path("assets/<int:pk>/alike/", alike_views.alike, name="alike"),
    path("assets/<int:pk>/narration/", narration_views.narration, name="narration"),
    path("assets/<int:pk>/narration/speak/", narration_views.speak, name="speak-narration"),
    path("assets/<int:pk>/highlights/", highlight_views.highlights, name="highlights"),
    path("assets/<int:pk>/highlights/reel/", highlight_views.make_reel, name="make-reel"),
    path("facts/<int:pk>/decide/", decisions.decide, name="decide"),
    path("models/", views.models, name="models"),
]
