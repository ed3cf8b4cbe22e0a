/**
 * The library of approved responses beside the composer: searched by the question that is answered,
 * put in with its references. Without script the same link leads to the library's page.
 */

import { deed, element, say } from "./elements.js";

const SEARCH_MS = 250;

export class Library {
  constructor(form, words, insert) {
    this.form = form;
    this.words = words;
    this.insert = insert;
    this.panel = form.querySelector("[data-library]");
    this.opener = form.querySelector("[data-library-open]");
    if (!this.panel) return;
    this.query = this.panel.querySelector("[data-library-query]");
    this.found = this.panel.querySelector("[data-library-found]");
    this.count = this.panel.querySelector("[data-library-count]");
    for (const [name, value] of [["role", "button"], ["aria-controls", this.panel.id], ["aria-expanded", "false"]]) {
      this.opener.setAttribute(name, value); // without script it is a link
    }
    this.opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (this.panel.hidden) this.open();
      else this.close();
    });
    this.query.addEventListener("input", () => {
      clearTimeout(this.due);
      this.due = setTimeout(() => this.#search(), SEARCH_MS);
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Enter" && event.target === this.query) event.preventDefault();
    });
    this.panel.querySelector("[data-library-close]").addEventListener("click", () => this.close());
  }

  /** Show the panel, with what answers the post that is replied to. */
  open() {
    this.panel.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.query.focus();
    this.#search();
  }

  close() {
    this.panel.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  async #search() {
    const number = (this.asked = (this.asked ?? 0) + 1);
    const asked = new URLSearchParams({ thread: this.panel.dataset.library, q: this.query.value });
    const answered = this.form.elements.reply_to?.value;
    if (answered) asked.set("post", answered);
    const answer = await fetch(`/library/search?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (number !== this.asked || !answer?.ok) return;
    const { responses } = await answer.json();
    this.count.textContent = responses.length ? "" : this.words.library_none;
    this.found.replaceChildren(...responses.map((response) => this.#row(response)));
  }

  #row(response) {
    const row = element("li", "library-hit");
    const title = element("h4", "", response.title);
    const facts = element("p", "faint", say(this.words.library_facts, { code: response.code, version: response.version, until: response.until }));
    const text = element("details");
    const shown = element("div", "prose");
    shown.innerHTML = response.html; // our own renderer's, from an approved text
    text.append(element("summary", "", this.words.library_read), shown);
    row.append(title, facts, text, deed(this.words.library_insert, () => {
      this.close();
      this.insert(response.text, response.title);
    }));
    return row;
  }
}
