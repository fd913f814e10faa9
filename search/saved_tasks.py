"""What workers send for saved searches. A message that is delivered twice sends nothing twice."""

from __future__ import annotations

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from dam.locks import advisory_lock
from search import saved_mail, saved_webhook
from search.saved_models import SavedSearch

LONGEST = 45
"""Seconds of a task after which it is broken off: a server that answers byte by byte holds no worker."""


@shared_task(queue="io", soft_time_limit=LONGEST)
def mail_news(saved_pk: int) -> None:
    """E-mail what is new in one search to its owner."""
    with advisory_lock("search.saved.mail", saved_pk) as ours:
        saved = SavedSearch.objects.select_related("owner").filter(pk=saved_pk, by_mail=True).first()
        if ours and saved is not None:
            try:
                saved_mail.mail_news(saved)
            except SoftTimeLimitExceeded:
                saved_mail.put_off(saved, f"The e-mail server did not answer within {LONGEST} s.")


@shared_task(queue="io", soft_time_limit=LONGEST)
def post_news(saved_pk: int) -> None:
    """Post what is new in one search to its webhook."""
    with advisory_lock("search.saved.webhook", saved_pk) as ours:
        saved = (
            SavedSearch.objects.select_related("owner").filter(pk=saved_pk).exclude(webhook_url="").first()
        )
        if ours and saved is not None:
            try:
                saved_webhook.post_news(saved)
            except SoftTimeLimitExceeded:
                saved_webhook.put_off(saved, f"There was no answer within {LONGEST} s.")
