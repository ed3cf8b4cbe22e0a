/**
 * What every page needs: times in the reader's own zone, forms that are sent once and ask before
 * a final deed, colours, and menus. Nothing here is needed to read or to write. No module imports
 * this one: a page asks for it by another address, so that it would be loaded twice.
 */

import "./times.js";
import { toast } from "./toasts.js";

const page = document.documentElement;

// --- what was just done and can be undone: said where one looks, as the page may open far below -------

for (const notice of document.querySelectorAll("[data-passing]")) {
  const form = notice.querySelector("form");
  toast(notice.querySelector("p").textContent, { undo: () => form.requestSubmit() });
  notice.hidden = true;
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
