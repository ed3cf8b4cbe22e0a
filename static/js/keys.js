/** Keys for those who like them. Each has a control in the page that does the same. */

const SEQUENCE_MS = 1500;
const STORE = "single-letter-keys";
const PLACES = { s: "/", d: "/reviews/" };

const help = document.getElementById("keys");
const chosen = help?.querySelector("[data-keys-on]");
const isField = (node) => node.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

let areOn = stored() !== "off";
let pressedG = 0;

if (chosen) {
  chosen.checked = areOn;
  chosen.addEventListener("change", () => {
    areOn = chosen.checked;
    store(areOn ? "on" : "off");
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-show-keys]")) help?.showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isField(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    help?.showModal();
  } else if (areOn) {
    letter(event);
  }
});

function letter(event) {
  const place = Date.now() - pressedG < SEQUENCE_MS ? PLACES[event.key] : undefined;
  pressedG = event.key === "g" ? Date.now() : 0;
  if (place) return window.location.assign(place);
  if (event.key === "j") return walk(1);
  if (event.key === "k") return walk(-1);
  if (event.key === "n") return document.getElementById("new")?.scrollIntoView({ block: "start" });
  const field = { "/": "input[type=search]", r: "[data-composer] [data-text]" }[event.key];
  const found = field && document.querySelector(field);
  if (!found) return undefined;
  event.preventDefault();
  return found.focus();
}

/** Move to the next post, or to the one before; from nowhere, to the one in sight. */
function walk(step) {
  const posts = [...document.querySelectorAll("[data-posts] [id^='post-']")];
  const here = posts.findIndex((post) => post.contains(document.activeElement));
  const inSight = posts.findIndex((post) => post.getBoundingClientRect().bottom > 90);
  const next = posts[here >= 0 ? here + step : Math.max(0, inSight)];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

// A browser may forbid its store; keys then work, and the choice lasts as long as the page.
function stored() {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}

function store(value) {
  try {
    localStorage.setItem(STORE, value);
  } catch {
    // see above
  }
}
