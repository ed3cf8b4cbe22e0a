/**
 * What every page needs: times in the reader's own zone, buttons that are pressed once, keys.
 */

const language = document.documentElement.lang || "en";
const locale = language === "en" ? "en-GB" : language; // 14 Nov, and 24 hours
const hour = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });
const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** Say every moment below a node as its reader would: today by the hour, else by the day. */
export function refreshTimes(root = document) {
  const found = root.querySelectorAll?.("time[datetime]:not([data-plain])") ?? [];
  for (const time of root.matches?.("time[datetime]:not([data-plain])") ? [root, ...found] : found) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.textContent = spoken(moment);
    time.title = full.format(moment);
  }
}

function spoken(moment, now = new Date()) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((midnight(moment) - midnight(now)) / 86_400_000);
  if (days === 0) return hour.format(moment);
  if (days === -1) return `${capital(near.format(-1, "day"))} ${hour.format(moment)}`;
  return (moment.getFullYear() === now.getFullYear() ? day : year).format(moment);
}

const capital = (word) => word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);

// Midnight passes, and "today" becomes "yesterday".
setInterval(() => refreshTimes(), 60_000);
refreshTimes();

// --- a form is sent once ---------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// --- menus close by Escape and by a press elsewhere -------------------------------------------------

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- single letters, outside of fields --------------------------------------------------------------

const inField = (target) => target.closest?.("input, textarea, select, [contenteditable]");
let pressedG = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
  if (pressedG && Date.now() - pressedG < 1500) {
    pressedG = 0;
    const place = { s: "/", d: "/reviews/" }[event.key];
    if (place) window.location.assign(place);
    return;
  }
  if (event.key === "g") pressedG = Date.now();
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  if (event.key === "n") document.getElementById("new")?.scrollIntoView({ block: "start" });
  if (event.key === "r") {
    const field = document.querySelector("[data-composer] [data-text]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

/** Move to the next or the previous post. */
function walk(step) {
  const posts = [...document.querySelectorAll("[data-posts] [id^='post-']")];
  const here = posts.findIndex((post) => post === document.activeElement || post.getBoundingClientRect().top > 90);
  const next = posts[document.activeElement === posts[here] ? here + step : Math.max(0, here + (step > 0 ? 0 : -1))];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}
