"""The Celery application: `celery -A dam.celery worker -Q io,cpu,gpu`."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

from dam.messages import KeepMessages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dam.settings")

app = Celery("mediatheque")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(KeepMessages)


@task_prerun.connect
def look_at_the_connection(**details: object) -> None:
    """A worker keeps its database connection from task to task, as long as it is sound."""
    if not app.conf.task_always_eager:
        close_old_connections()
