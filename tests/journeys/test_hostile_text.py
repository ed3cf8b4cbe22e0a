"""Hostile posts in a real browser, without the help of a content policy."""

import pytest
from playwright.sync_api import Browser

from community.kernel.markup import quote, render
from tests.kernel import hostile
from tests.kernel.in_browser import faults_in_browser


@pytest.mark.browser
def test_hostile_posts_run_nothing_and_load_nothing(chromium: Browser) -> None:
    posts = [
        render(form)
        for text in hostile.ALL
        for form in (text, quote(text), f"- {text}", f"| {text} |\n|---|\n| {text} |")
    ]
    assert faults_in_browser(chromium, posts) == []


@pytest.mark.browser
def test_the_browser_sees_what_an_unclean_post_would_do(chromium: Browser) -> None:
    faults = faults_in_browser(chromium, hostile.HTML[:3])
    seen = " ".join(faults)
    assert "dialog" in seen
    assert "request https://evil.example/" in seen
    assert "element SCRIPT" in seen
    assert "a script ran" in faults
