/** What is said in passing: to a screen reader alone, or in a note that goes by itself. */

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
