"""Every page carries a content security policy that lets no inline script run."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/nowhere/", "/api/assets/"])
def test_no_inline_script_runs_on_any_page(client, address):
    policy = client.get(address)["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_the_page_that_explains_the_api_may_run_its_own_script(client):
    assert "script-src 'self' 'unsafe-inline'" in client.get("/api/docs/")["Content-Security-Policy"]
