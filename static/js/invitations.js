/**
 * Notes that a person has an invitation before them.
 *
 * Scanners of mail open links, and some run scripts. So this waits until somebody looks: the page
 * is visible, and is scrolled, touched, clicked or read for some seconds. Nothing is used up.
 */

const READ_MS = 4000;
const page = document.querySelector("[data-invitation]");

function note() {
  for (const sign of ["pointerdown", "keydown", "scroll"]) removeEventListener(sign, note);
  clearTimeout(timer);
  fetch(page.dataset.invitation, {
    method: "POST",
    headers: { "X-CSRFToken": page.dataset.token },
    keepalive: true,
  }).catch(() => {}); // going on says the same
}

let timer;
if (page) {
  for (const sign of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(sign, note, { once: true, passive: true });
  }
  timer = setTimeout(() => document.visibilityState === "visible" && note(), READ_MS);
}
