"""What is typed into a form with `data-draft="KEY"` stays in the browser until the server has it."""

from django.http import HttpResponse

DAY = 24 * 3600


def kept(response: HttpResponse, key: str) -> HttpResponse:
    """Tell the browser that what was typed into the form of that key is saved, so that its copy may go.

    A key is made of letters, digits and hyphens. Read by static/js/draft.js.
    """
    response.set_cookie(f"draft-saved-{key}", "1", max_age=DAY, samesite="Lax")
    return response
