/**
 * Puts posts where they belong in a thread's page. Used for pushed posts and for one's own.
 *
 * Keeps nothing: what is there is read from the page, so that any module may call it.
 * A post is `#post-<id>` with `data-number`, `data-version` and `data-author`. The list is
 * `[data-posts]`, with `data-begins` where it holds the thread's first post, `data-complete` where
 * it holds the last, and `data-last`, the last number when it was made.
 */

const REACHED = 120; // pixels from the end that count as being at the end

/** The list of posts of this page, or null. */
export const postList = () => document.querySelector("[data-posts]");

/** Whether the reader is at the end of the posts. */
export function isAtEnd(list = postList()) {
  const last = [...list.children].filter((item) => !item.hidden).at(-1);
  return !last || last.getBoundingClientRect().bottom <= window.innerHeight + REACHED;
}

/**
 * Show a post: in place of the one with its id, or at its number.
 *
 * @param {string} html the fragment of one post
 * @param {{own?: boolean}} how `own`: it is shown at once, wherever the reader is
 * @returns {{what: "new"|"changed"|"old"|"elsewhere", post: Element|null, waits: boolean}}
 */
export function upsertPost(html, { own = false } = {}) {
  const list = postList();
  const item = parse(html);
  const post = item && postIn(item);
  if (!list || !post) return { what: "elsewhere", post: null, waits: false };
  const shown = document.getElementById(post.id);
  if (shown) return replace(shown, item, post);
  const number = Number(post.dataset.number);
  const items = [...list.children].filter(numberOf);
  const after = items.find((each) => numberOf(each) > number);
  if (!after && list.dataset.complete === undefined) {
    return { what: "elsewhere", post: null, waits: number > Number(list.dataset.last) };
  }
  if (!after) return append(list, item, post, own);
  if (after === items[0] && list.dataset.begins === undefined) {
    return { what: "elsewhere", post: null, waits: false };
  }
  list.insertBefore(item, after);
  tell(post);
  return { what: "new", post, waits: false };
}

/** Show the posts that waited; returns them. */
export function showWaiting() {
  const waiting = waitingPosts();
  for (const item of waiting) item.hidden = false;
  return waiting;
}

/** The items that came while the reader was further up. */
export const waitingPosts = () => [...document.querySelectorAll("[data-posts] > [data-waits][hidden]")];

/** Whether a fragment stands for a post that was taken down. */
export const isTombstone = (post) => post?.dataset.state === "removed";

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const root = template.content.firstElementChild;
  if (!root || root.localName === "li" || postList()?.localName !== "ol") return root;
  const item = document.createElement("li");
  item.append(root);
  return item;
}

const postIn = (item) => (item.id.startsWith("post-") ? item : item.querySelector("[id^='post-'][data-number]"));

const numberOf = (item) => Number((item && postIn(item)?.dataset.number) ?? 0);

function replace(shown, item, post) {
  if (Number(post.dataset.version) <= Number(shown.dataset.version)) {
    return { what: "old", post: shown, waits: false };
  }
  const place = shown.closest("[data-posts] > *") ?? shown;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const handle = focused && (focused.id || focused.getAttribute("href"));
  item.hidden = place.hidden;
  if (place.dataset.waits !== undefined) item.dataset.waits = "";
  place.replaceWith(item);
  if (handle) focusAgain(item, post, handle);
  tell(post);
  return { what: "changed", post, waits: false };
}

function focusAgain(item, post, handle) {
  const same = [...item.querySelectorAll("a[href], button, [id]")].find(
    (each) => each.id === handle || each.getAttribute("href") === handle,
  );
  if (!same) post.tabIndex = -1;
  (same ?? post).focus({ preventScroll: true });
}

function append(list, item, post, own) {
  const behind = waitingPosts().length > 0 || !isAtEnd(list) || document.hidden;
  const waits = behind && !own;
  if (waits) {
    item.hidden = true;
    item.dataset.waits = "";
  } else if (own) {
    showWaiting();
  }
  if (!own) post.classList.add("post--new");
  list.append(item);
  tell(post);
  return { what: "new", post, waits };
}

function tell(post) {
  post.dispatchEvent(new CustomEvent("post:shown", { bubbles: true, detail: { post } }));
}
