/**
 * What every page needs: times in the reader's own zone, forms that are sent once and ask before
 * a final deed, colours, menus, and notes that pass. Nothing here is needed to read or to write.
 */

import { formatter, hour, locale, zone } from "./zone.js";

const page = document.documentElement;

// --- times -----------------------------------------------------------------------------------------

const day = formatter({ day: "numeric", month: "short" });
const year = formatter({ day: "numeric", month: "short", year: "numeric" });
const full = formatter({ dateStyle: "full", timeStyle: "long" });
const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** Say every moment in a node as its reader would: today by the hour, else by the day. */
export function refreshTimes(root = document) {
  const moments = "time[datetime]:not([data-plain])";
  const found = root.querySelectorAll?.(moments) ?? [];
  for (const time of root.matches?.(moments) ? [root, ...found] : found) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.textContent = spoken(moment);
    time.title = full.format(moment);
  }
}

function spoken(moment, now = new Date()) {
  const days = (Date.parse(calendar.format(moment)) - Date.parse(calendar.format(now))) / 86_400_000;
  if (days === 0) return hour.format(moment);
  if (days === -1) return `${capital(near.format(-1, "day"))} ${hour.format(moment)}`;
  const isThisYear = calendar.format(moment).slice(0, 4) === calendar.format(now).slice(0, 4);
  return (isThisYear ? day : year).format(moment);
}

const capital = (word) => word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);

// Midnight passes, and "today" becomes "yesterday".
setInterval(() => refreshTimes(), 60_000);
refreshTimes();

// --- notes -----------------------------------------------------------------------------------------

const TOAST_MS = 8000;

/** Tell a screen reader, and nobody else. */
export function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** Show a note that passes after 8 s, and waits while one looks at it. `undo` is called by its button. */
export function toast(message, { undo } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.append(Object.assign(document.createElement("span"), { textContent: message }));
  let timer;
  const leave = () => note.remove();
  const stay = () => clearTimeout(timer);
  const wait = () => {
    stay();
    timer = setTimeout(leave, TOAST_MS);
  };
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: place.dataset.undo });
    button.addEventListener("click", () => {
      leave();
      undo();
    });
    note.append(button);
  }
  for (const sign of ["pointerenter", "focusin"]) note.addEventListener(sign, stay);
  for (const sign of ["pointerleave", "focusout"]) note.addEventListener(sign, wait);
  place.append(note);
  wait();
}

// --- forms: asked once more before a final deed, and sent once ----------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent || (form.dataset.confirm && !form.dataset.confirmed)) {
    event.preventDefault();
    if (!form.dataset.sent) confirmThen(form, event.submitter);
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the next page, by the browser's own memory: the form can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

/** Ask by the page's dialog: the question, what happens, and a button that bears the verb. */
function confirmThen(form, submitter) {
  const dialog = document.getElementById("confirm");
  const [question, ...rest] = form.dataset.confirm.split("\n");
  dialog.querySelector("h2").textContent = question;
  dialog.querySelector("[data-confirm-text]").textContent = rest.join(" ");
  dialog.querySelector("[data-confirm-yes]").textContent = submitter?.textContent.trim() ?? question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }, { once: true });
  dialog.showModal();
}

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

// --- colours: kept in a cookie, so that the server draws the next page in them at once ----------------

const YEAR_S = 31_536_000;

for (const choices of document.querySelectorAll("[data-choices]")) choices.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice]");
  if (!button) return;
  const theme = button.dataset.themeChoice;
  const [name, secure] =
    window.location.protocol === "https:" ? ["__Host-theme", "; secure"] : ["theme", ""];
  document.cookie = `${name}=${theme}; path=/; max-age=${theme ? YEAR_S : 0}; samesite=lax${secure}`;
  if (theme) page.dataset.theme = theme;
  else delete page.dataset.theme;
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    other.ariaPressed = String(other === button);
  }
});
