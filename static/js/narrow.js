/**
 * A list that narrows while one types: the page is fetched as its form would ask for it, and what
 * was found takes the place of what is there. Without script the form's button does the same.
 */

const PAUSE_MS = 200;

for (const form of document.querySelectorAll("form[data-narrows]")) {
  const count = document.querySelector("[data-narrows-count]");
  let due;
  let asked;

  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const filled = [...new FormData(form)].filter(([, value]) => value.trim());
    const address = filled.length ? `${form.action}?${new URLSearchParams(filled)}` : form.action;
    const text = await fetch(address, { headers: { Accept: "text/html" }, signal: asked.signal })
      .then((answer) => answer.text())
      .catch(() => "");
    const page = new DOMParser().parseFromString(text, "text/html");
    const found = page.getElementById(form.dataset.narrows);
    if (!found) return;
    document.getElementById(form.dataset.narrows).replaceWith(found);
    count.textContent = page.querySelector("[data-narrows-count]").textContent;
    window.history.replaceState(null, "", address);
  };

  form.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(due);
    look();
  });
}
