"""What axe, a ruler and two screens say of a page; what is alike is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.site import DESKTOP, PHONE

NARROWEST: ViewportSize = {"width": 320, "height": 640}
# What a page is made of: two pages of one kind with the same makings hold the same barriers.
MAKINGS = """
() => [...new Set([...document.querySelectorAll('body *')].map((node) =>
  [node.tagName, node.getAttribute('class'), node.getAttribute('role'), node.type].join()))]
  .sort().join(' ')
"""
# What a person sees of it, by kind.
SHOWN = """
() => [...new Set([...document.querySelectorAll('body *')]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.tagName, node.getAttribute('class'), node.getAttribute('role')].join()))]
"""
# Of siblings that are alike to the last attribute within, three tell what all would.
LEAVE_THREE_OF_A_KIND = """
() => {
  const kinds = new Map();
  const told = ({ name, value }) =>
    /^(class|role|type|aria-|data-)/.test(name) && !/\\d/.test(value) ? value : !value;
  const kind = (node) => {
    if (!kinds.has(node)) {
      const attributes = [...node.attributes].map((each) => [each.name, told(each)].join());
      const within = [...node.children].map(kind);
      const is_empty = !node.textContent.trim();
      kinds.set(node, JSON.stringify([node.tagName, attributes, is_empty, within]));
    }
    return kinds.get(node);
  };
  for (const parent of [document.body, ...document.body.querySelectorAll('*')]) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      seen.set(kind(child), (seen.get(kind(child)) ?? 0) + 1);
      if (seen.get(kind(child)) > 3) child.remove();
    }
  }
}
"""
# Rules whose answer depends on how an element is drawn, not on what it is.
OF_THE_LOOK = ("link-in-text-block", "scrollable-region-focusable", "target-size")
ALL_OF_IT = {"include": [["html"]]}
CONTRAST = "color-contrast"  # half of the time that axe takes
BARRIERS = """
async ({ within, options }) =>
  (await axe.run(within, { resultTypes: ['violations'], preload: false, ...options })).violations
    .map(({ id, nodes }) => [id, nodes[0].html])
"""
# Words that look, down to all that lies behind them, like others are read as well as those.
MARK_KNOWN_LOOKS = """
(known) => {
  const looks = new Set(known), styles = new Map();
  const style = (node) => {
    if (!styles.has(node)) {
      const { color, backgroundColor, backgroundImage, opacity, font } = getComputedStyle(node);
      const own = [node.tagName, node.className, color, backgroundColor, backgroundImage, opacity];
      styles.set(node, [...own, font, node.parentElement && style(node.parentElement)].join());
    }
    return styles.get(node);
  };
  const hash = (text, by) =>
    [...text].reduce((sum, sign) => (Math.imul(sum, by) + sign.codePointAt(0)) | 0, 7);
  for (const leaf of document.querySelectorAll('body *')) {
    if (leaf.childElementCount > 0 || !leaf.textContent.trim() || !leaf.checkVisibility()) continue;
    if (leaf.closest(':disabled, [aria-disabled=true]')) continue;
    const look = [31, 131].map((by) => hash(style(leaf), by)).join();
    leaf.toggleAttribute('data-known-look', looks.has(look));
    looks.add(look);
  }
  return [...looks];
}
"""
# Else a bar at the foot of the screen may lie on whatever an address with a # has led to.
FROM_THE_TOP = "() => scrollTo(0, 0)"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Examined:
    """What need not be looked at again: pages' makings, kinds only desks show, and looks."""

    makings: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    looks: list[str] = field(default_factory=list)


def faults_of_look(page: Page, shape: str, examined: Examined) -> list[str]:
    """Return what is wrong with a page, on a phone in the dark and on a desk by day.

    Nothing is looked at where another page of that shape was made of the same. Of what stands
    there more than three times alike the rest is taken off the page.
    """
    makings = shape + page.evaluate(MAKINGS)
    if makings in examined.makings:
        return []
    examined.makings.add(makings)
    found = too_wide(page, NARROWEST) + too_wide(page, PHONE)
    on_phone = set(page.evaluate(SHOWN))
    page.evaluate(LEAVE_THREE_OF_A_KIND)
    page.evaluate(FROM_THE_TOP)
    page.evaluate(AXE_SCRIPT)
    found += barriers(page) + faint_words(page, examined)
    page.emulate_media(color_scheme="light")
    found += too_wide(page, DESKTOP)
    more = set(page.evaluate(SHOWN)) - on_phone - examined.kinds
    examined.kinds |= more
    found += barriers(page, () if more else OF_THE_LOOK) + faint_words(page, examined)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    return found


def barriers(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds but for contrast, by all rules where none is named."""
    all_others = {"rules": {CONTRAST: {"enabled": False}}}
    return asked(page, ALL_OF_IT, {"runOnly": list(rules)} if rules else all_others)


def faint_words(page: Page, examined: Examined) -> list[str]:
    """Return words that stand out too little, of those that look as none did before."""
    examined.looks = page.evaluate(MARK_KNOWN_LOOKS, examined.looks)
    return asked(page, {"exclude": [["[data-known-look]"]]}, {"runOnly": [CONTRAST]})


def asked(page: Page, within: dict[str, Any], options: dict[str, Any]) -> list[str]:
    """Return what axe finds there, each rule with its first place."""
    found = page.evaluate(BARRIERS, {"within": within, "options": options})
    return [f"{name}: {html[:200]}" for name, html in found]


def too_wide(page: Page, size: ViewportSize) -> list[str]:
    """Show a page on a screen of that size, and return whether it scrolls sideways there."""
    page.set_viewport_size(size)
    return [f"wider than {size['width']} pixels"] if page.evaluate(WIDER) > 0 else []
