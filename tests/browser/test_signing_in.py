"""Signing in, being refused, and replacing a password that serves once."""

from playwright.sync_api import expect

from tests.factories import make_user


def sign_in(page, email, password):
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_library(page):
    user = make_user()
    sign_in(page, user.email, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    sign_in(page, user.email, "correct horse")
    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()


def test_a_password_that_serves_once_is_replaced_before_anything_opens(page):
    user = make_user(one_time_password=True)
    sign_in(page, user.email, "correct horse")
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    page.goto("/jobs/")
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    page.get_by_label("Current Password").fill("correct horse")
    page.get_by_label("New Password", exact=True).fill("battery staple")
    page.get_by_label("New Password (again)").fill("battery staple")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()
