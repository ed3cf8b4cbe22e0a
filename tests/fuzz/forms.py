"""Which fields the forms of the program have, and what stands in them: read from its pages."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.fuzz.scene import SECRETS, Scene

Fields = dict[str, set[str]]  # by name, the values that were seen


class _Reader(HTMLParser):
    """Collects (action, name, value) of every field of every form that sends something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.action, self.choice = page, "", ""
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = urlsplit(said.get("action") or self.page).path
        elif tag in ("input", "textarea", "select", "button") and said.get("name"):
            self.choice = said["name"] if tag == "select" else ""
            self.found.append((self.action, said["name"], said.get("value", "")))
        elif tag == "option" and self.choice:
            self.found.append((self.action, self.choice, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = ""


def read_forms(scene: Scene) -> dict[str, Fields]:
    """Open every page as those who may have it; return the fields by the endpoint they go to."""
    found: dict[str, Fields] = defaultdict(lambda: defaultdict(set))
    routes = scene.app.url_map.bind("localhost")
    for path in _pages(scene):
        for action, name, value in _fields_of(scene, path):
            with contextlib.suppress(HTTPException):  # a form that only looks something up
                endpoint, _ = routes.match(action, method="POST")
                found[str(endpoint)][name].add(value)
    scene.lay_again()
    return {endpoint: dict(fields) for endpoint, fields in found.items()}


def _fields_of(scene: Scene, path: str) -> list[tuple[str, str, str]]:
    """Return (action, name, value) of each field, as the first who may open the page sees it."""
    for who in ("mika", "rosa", "paul", "ada", "dora", "vera", "olga", "amara", None):
        answer = scene.browsers[who].get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            reader = _Reader(path)
            reader.feed(answer.text)
            return [
                (action, name, value)
                for action, name, value in reader.found
                if action and name != "csrf_token" and not any(word in value for word in SECRETS)
            ]
    return []


def _pages(scene: Scene) -> Iterator[str]:
    routes = scene.app.url_map.bind("localhost")
    for rule in rules_of(scene.app, "GET"):
        if all(name in scene.places for name in rule.arguments):
            values = {name: scene.places[name][0] for name in rule.arguments}
            yield routes.build(rule.endpoint, values)


def rules_of(app: Flask, method: str) -> list[Rule]:
    """Return the addresses that know a method, in a fixed order; files that never change aside."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (str(rule.endpoint), rule.rule))
    return [rule for rule in rules if rule.endpoint != "static" and method in (rule.methods or ())]
