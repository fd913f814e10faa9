"""Word to whoever made an endpoint that it was stopped; its page says so too."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from urllib.parse import urljoin

from django.core.mail import EmailMessage

from dam.webhooks.models import Endpoint

logger = logging.getLogger(__name__)

TEXT = """The webhook “{name}” of {library} was stopped, because its messages do not arrive.
The last problem: {problem}

Nothing more is sent until you save it again: {page}
"""


def tell_stopped(endpoint: Endpoint) -> None:
    """Send an e-mail; where that fails, the page of the webhook has to do."""
    logger.warning("The webhook %s was stopped: %s", endpoint.pk, endpoint.problem)
    if endpoint.made_by is None:
        return
    subject = " ".join(f"The webhook “{endpoint.name}” was stopped".split())
    page = urljoin(endpoint.site, endpoint.get_absolute_url())
    text = TEXT.format(name=endpoint.name, library=endpoint.library, problem=endpoint.problem, page=page)
    try:
        EmailMessage(subject, text, to=[endpoint.made_by.email]).send()
    except (SMTPException, OSError):
        logger.exception("The e-mail about it could not be sent.")
