"""Shows rendered posts in a real browser, without any content policy, and sees what happens."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Browser, Dialog, Page, Request, Route

_PAGE = "http://posts.example/"

# Run in the page: what the browser's own parser made of the posts, and every way to set them off.
_LOOK = """
() => {
  const faults = [];
  const tags = new Set(('A BLOCKQUOTE BR CODE EM H3 H4 H5 H6 HR LI OL P PRE SPAN STRONG SUP TABLE'
    + ' TBODY TD TH THEAD TR UL').split(' '));
  const names = new Set(['align', 'class', 'dir', 'href', 'id', 'rel', 'start', 'target']);
  const schemes = new Set(['http:', 'https:', 'mailto:']);
  const posts = [...document.querySelectorAll('body > article')];
  const found = new Set(posts);
  for (const post of posts) {
    for (const node of post.querySelectorAll('*')) {
      found.add(node);
      const fault = (what) => faults.push(`post ${post.dataset.number}: ${what}`);
      if (!tags.has(node.tagName)) fault(`element ${node.tagName}`);
      for (const { name } of node.attributes) if (!names.has(name)) fault(`attribute ${name}`);
      if (node.href !== undefined && !schemes.has(node.protocol)) fault(`address ${node.href}`);
      for (const kind of ['mouseover', 'focus', 'blur', 'toggle', 'error', 'load', 'animationend'])
        node.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  }
  for (const node of document.querySelectorAll('body *'))
    if (!found.has(node)) faults.push(`outside of a post: ${node.tagName}`);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (link && schemes.has(link.protocol)) event.preventDefault();
  });
  for (const node of document.querySelectorAll('article *')) node.click();
  return faults;
}
"""


def faults_in_browser(browser: Browser, posts: Sequence[str]) -> list[str]:
    """Name what runs, loads from elsewhere, or stands in a page though no post may hold it.

    Args:
        browser: a running one; the posts get a context of their own.
        posts: pieces of HTML as `render` gave them; a fault names its post by its place here.
    """
    faults: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", dismiss)
    page.on("popup", lambda popup: faults.append(f"window {popup.url}"))
    page.on("pageerror", lambda error: faults.append(f"script error {error}"))

    def answer(route: Route, request: Request) -> None:
        if request.url == _PAGE:
            route.fulfill(body=_page(posts), content_type="text/html; charset=utf-8")
        else:
            faults.append(f"request {request.url}")
            route.abort()

    context.route("**/*", answer)
    page.goto(_PAGE)
    faults += page.evaluate(_LOOK)
    page.wait_for_timeout(50)  # what a post had set off by now would show itself
    faults += _traces(page)
    context.close()
    return faults


def _page(posts: Sequence[str]) -> str:
    articles = "\n".join(
        f'<article data-number="{number}">{post}</article>' for number, post in enumerate(posts)
    )
    icon = '<link rel="icon" href="data:,">'
    return f"<!doctype html><title>Posts</title>{icon}<body>{articles}</body>"


def _traces(page: Page) -> list[str]:
    if page.url != _PAGE:
        return [f"the page left for {page.url}"]
    return ["a script ran"] if page.evaluate("() => 'ran' in window") else []
