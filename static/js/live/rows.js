/**
 * Keeps the list of threads fresh: a thread with news has its row fetched and put in its place.
 *
 * A row is `#thread-<id>` with `data-news` (a number that grows with its latest news) inside
 * `[data-threads]`; pinned threads have a list of their own, `[data-threads="pinned"]`.
 */

const PATIENCE_MS = 300;
const SPREAD_MS = 1200; // everybody who looks at this list hears of the same post

export class Rows {
  constructor() {
    this.due = new Map();
  }

  /** A thread has news: fetch its row soon, once for however many events. */
  touch(threadId) {
    if (!document.querySelector("[data-threads]") || this.due.has(threadId)) return;
    const pause = PATIENCE_MS + Math.random() * SPREAD_MS;
    this.due.set(threadId, setTimeout(() => this.#fetch(threadId), pause));
  }

  async #fetch(threadId) {
    this.due.delete(threadId);
    const answer = await fetch(`/threads/${threadId}/row`, {
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => null);
    if (answer?.status === 404) document.getElementById(`thread-${threadId}`)?.remove();
    if (!answer?.ok) return;
    place(await answer.text());
  }
}

function place(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const row = template.content.firstElementChild;
  if (!row) return;
  const pinned = row.dataset.pinned !== undefined;
  const list = document.querySelector(pinned ? "[data-threads='pinned']" : "[data-threads='latest']")
    ?? document.querySelector("[data-threads]");
  const shown = document.getElementById(row.id);
  const hadFocus = shown?.contains(document.activeElement);
  if (/[?&](before|after)=/.test(location.search)) {
    shown?.replaceWith(row); // an older page of the list: what is new stands on the first
    return;
  }
  shown?.remove();
  const after = [...list.children].find((each) => !(Number(each.dataset.news) > Number(row.dataset.news)));
  list.insertBefore(row, after ?? null);
  if (hadFocus) row.querySelector("a[href]")?.focus({ preventScroll: true });
  document.querySelector("[data-threads-empty]")?.remove();
  row.dispatchEvent(new CustomEvent("live:row", { bubbles: true, detail: { row } }));
}
