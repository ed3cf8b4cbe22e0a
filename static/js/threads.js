/**
 * The composer and a thread's page: verdict while one types, drafts that survive, sending that
 * never doubles a post, quoting, and how far one has read. Everything works without it too.
 */

import { deed, element, say } from "./composer/elements.js";
import { Field } from "./composer/field.js";
import { asQuote } from "./composer/quote.js";
import { Library } from "./composer/library.js";
import { drawMarks } from "./composer/marks.js";
import { upsertPost } from "./live/posts.js";
import { hour } from "./zone.js";

const VERDICT_MS = 350;
const DRAFT_MS = 1200;
const READ_MS = 800;
const LEFT_MS = 10_000; // how long a page may take to be drawn again
const FIRST_RETRY_MS = 1500;
const LAST_RETRY_MS = 30_000;

const words = JSON.parse(document.getElementById("composer-words")?.textContent ?? "{}");
const plain = (text) => text.replaceAll("\r\n", "\n").trim();

const tokenOf = (form) => form.elements.csrf_token.value;

function post(url, form, data, options = {}) {
  return fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": tokenOf(form),
      "X-Requested-With": "fetch",
    },
    body: JSON.stringify(data),
    ...options,
  });
}

/** One form in which somebody writes. */
class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("[data-text]");
    this.title = form.querySelector("[data-title]");
    this.marks = form.querySelector("[data-marks]");
    this.verdict = form.querySelector("[data-verdict]");
    this.findings = form.querySelector("[data-findings]");
    this.advice = form.querySelector("[data-advice]");
    this.confirmed = form.querySelector("[data-confirmed]");
    this.announced = form.querySelector("[data-announced]");
    this.kept = form.querySelector("[data-kept]");
    this.hint = this.kept.textContent;
    this.send = form.querySelector("[data-send]");
    this.field = new Field(this.text);
    this.library = new Library(form, words, (text, title) => {
      this.field.insert(text);
      this.#announce(say(words.inserted, { title }));
    });
    this.asked = 0;
    this.savedText = this.text.value;
    this.sentText = form.querySelector("[data-sent]") ? this.text.defaultValue : null; // and stopped
    form.addEventListener("submit", (event) => this.#submit(event));
    for (const field of [this.text, this.title]) field?.addEventListener("input", () => this.#changed());
    for (const cite of form.querySelectorAll("[data-cite]")) {
      cite.addEventListener("click", () => this.field.add(` [${cite.dataset.cite}]`));
    }
    this.text.addEventListener("keydown", (event) => this.#keys(event));
    this.text.addEventListener("scroll", () => { this.marks.scrollTop = this.text.scrollTop; });
    window.addEventListener("pagehide", () => this.#saveAtLast());
    this.#takeUp();
    if (this.text.value.trim()) this.#ask();
  }

  get isReply() {
    return this.form.dataset.place.startsWith("thread:");
  }

  #changed() {
    drawMarks(this.marks, this.field.points, []);
    clearTimeout(this.verdictDue);
    clearTimeout(this.draftDue);
    this.verdictDue = setTimeout(() => this.#ask(), VERDICT_MS);
    this.draftDue = setTimeout(() => this.#save(), DRAFT_MS);
  }

  #keys(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "]" || event.key === "[") {
      event.preventDefault();
      this.#jump(event.key === "]" ? 1 : -1);
    }
  }

  // --- the verdict ------------------------------------------------------------------------------

  async #ask() {
    const number = ++this.asked;
    this.asking?.abort();
    this.asking = new AbortController();
    const length = [...this.text.value].length;
    const over = length - Number(this.form.dataset.longest);
    if (!this.text.value.trim() || !this.form.dataset.preview) return this.#show(null);
    if (over > 0) return this.#complain(say(words.too_long, { num: over.toLocaleString() }));
    const said = { text: this.text.value, title: this.title?.value ?? "", reply_to: this.form.elements.reply_to?.value ?? "" };
    const answer = await post(this.form.dataset.preview, this.form, said, { signal: this.asking.signal }).catch(() => null);
    if (number !== this.asked || !answer) return undefined;
    if (answer.ok) return this.#show(await answer.json());
    const problem = await answer.json().catch(() => null);
    return answer.status === 429 ? undefined : this.#complain(problem?.message ?? "");
  }

  #complain(sentence) {
    this.#paint("block", sentence, "");
    this.findings.hidden = true;
    this.#askToConfirm([]);
    drawMarks(this.marks, this.field.points, []);
  }

  #show(verdict) {
    const sent = this.text.value === this.sentText;
    const notes = verdict?.notes ?? [];
    this.found = verdict?.marks ?? [];
    this.set = verdict?.set ?? this.set;
    this.#askToConfirm(verdict?.advised ?? []);
    drawMarks(this.marks, this.field.points, this.found);
    this.marks.scrollTop = this.text.scrollTop;
    if (!verdict || (verdict.outcome === "allow" && !notes.length && !this.form.querySelector(".tag-company"))) {
      this.verdict.hidden = true;
      this.findings.hidden = true;
      return;
    }
    const desks = verdict.routes.map((desk) => words.desks[desk] ?? desk).join(", ");
    const goes = { hold: words.decides, block: sent ? words.kept_out : words.told }[verdict.outcome] ?? words.routed;
    this.#paint(verdict.outcome, words[verdict.outcome], desks ? say(goes, { desks }) : "");
    this.findings.replaceChildren(...notes.map((note, place) => this.#note(note, place + 1)));
    this.findings.hidden = !notes.length;
  }

  /** Advice goes out only when it was read; the tick holds as long as the advice stays the same. */
  #askToConfirm(rules) {
    const asked = rules.join(",");
    if (this.confirmed.value !== asked) this.confirmed.checked = false;
    this.confirmed.value = asked;
    this.advice.hidden = !rules.length;
  }

  #announce(sentence) {
    this.announced.textContent = sentence;
  }

  #paint(outcome, sentence, next) {
    this.verdict.className = `verdict verdict--${outcome}`;
    this.verdict.querySelector("use").setAttribute("href", outcome === "block" ? "#icon-stop" : "#icon-shield");
    const shown = this.verdict.querySelector("[data-verdict-sentence]");
    if (shown.textContent !== sentence) shown.textContent = sentence;
    this.verdict.querySelector("[data-verdict-next]").textContent = next;
    this.verdict.hidden = false;
  }

  /** One rule with all that it hits; each of its marks in the text bears its number. */
  #note(note, number) {
    const item = element("li", `finding-note finding-note--${note.outcome}`);
    const mark = element("span", "no", String(number));
    mark.setAttribute("aria-hidden", "true");
    const body = element("div");
    const weight = words.weights[note.outcome];
    if (weight) {
      const line = element("p", "finding-weight");
      line.append(element("span", `badge badge--${note.outcome}`, weight));
      body.append(line);
    }
    body.append(element("h3", "", note.in_title ? `${words.in_title}: ${note.says}` : note.says), element("p", "", note.why));
    const offers = note.offers.map((offer) => this.#offer(offer)).filter(Boolean);
    const hits = note.words.reduce((sum, each) => sum + each.spans.length, 0);
    const alone = hits === 1 && note.words[0].suggestion !== null ? note.words[0] : null;
    if (hits > 1) body.append(this.#places(note));
    if (note.do || alone || offers.length) body.append(this.#suggestion(note, alone, offers));
    item.append(mark, body);
    return item;
  }

  #places(note) {
    const list = element("ul", "finding-places");
    for (const each of note.words) {
      const row = element("li");
      if (each.in_title && !note.in_title) row.append(element("span", "faint", words.in_title), " ");
      row.append(element("q", "", each.words));
      if (each.spans.length > 1) row.append(" ", element("span", "faint", say(words.times, { num: each.spans.length })));
      if (each.what) row.append(" ", element("span", "faint", each.what));
      if (each.suggestion) row.append(" ", element("span", "suggested", each.suggestion));
      if (each.suggestion !== null && !each.in_title) row.append(" ", this.#change(each));
      list.append(row);
    }
    return list;
  }

  #suggestion(note, alone, offers) {
    const box = element("div", "suggestion");
    if (note.do) box.append(element("p", "", note.do));
    if (alone && !alone.in_title) {
      if (alone.suggestion) box.append(element("p", "suggested", alone.suggestion));
      offers.unshift(this.#change(alone));
    }
    if (offers.length) {
      const row = element("p", "row");
      row.append(...offers);
      box.append(row);
    }
    return box;
  }

  /** The button that puts other words in place of these, one place at a time. */
  #change({ words: excerpt, suggestion, spans: [[start, end]] }) {
    return deed(suggestion ? words.use : words.take_out, () => this.#replace({ start, end, suggestion }, excerpt));
  }

  /** What may be done beside changing words; none where there is nothing to do it to. */
  #offer(offer) {
    const answered = this.form.elements.reply_to?.value;
    if (offer === "report") return deed(words.offer_report, null, "/side-effects");
    if (offer === "correction" && answered) return deed(words.offer_correction, null, `/posts/${answered}/correction`);
    if (offer === "response" && this.library.panel) return deed(words.offer_response, () => this.library.open());
    if (offer === "pointer" && answered) return deed(words.offer_pointer, null, `/posts/${answered}/pointer`);
    if (offer === "pointer" && words.pointer) {
      return deed(words.offer_pointer, () => {
        this.field.fill(words.pointer);
        this.#announce(words.pointed);
      });
    }
    return null;
  }

  /** Where the words have moved since the verdict, they are looked for; where gone, nothing is done. */
  #replace({ start, end, suggestion }, excerpt) {
    let from = start;
    if (this.field.words(start, end) !== excerpt) {
      const moved = this.text.value.indexOf(excerpt);
      if (moved < 0) {
        this.#announce(words.gone);
        return;
      }
      from = [...this.text.value.slice(0, moved)].length;
    }
    this.field.replace(from, from + (end - start), suggestion);
    this.#announce(say(words.replaced, { words: suggestion || words.nothing }));
  }

  #jump(step) {
    const found = this.found ?? [];
    if (!found.length) return;
    this.at = ((this.at ?? (step > 0 ? -1 : 0)) + step + found.length) % found.length;
    const { start, end } = found[this.at];
    this.text.setSelectionRange(this.field.unit(start), this.field.unit(end));
  }

  // --- the draft --------------------------------------------------------------------------------

  #draft() {
    return {
      place: this.form.dataset.place,
      text: this.text.value,
      title: this.title?.value ?? "",
      seq: this.form.elements.seq?.value ?? "",
    };
  }

  async #save() {
    if (this.sending || this.text.value === this.savedText) return;
    const draft = this.#draft();
    const answer = await post("/drafts", this.form, draft).catch(() => null);
    if (answer?.ok) {
      const kept = await answer.json();
      if (this.form.elements.seq) this.form.elements.seq.value = kept.seq;
      this.savedText = draft.text;
      this.#tell(say(words.kept, { time: hour.format(new Date(kept.saved_at)) }));
    } else if (answer?.status === 409) {
      this.#otherWindow();
    } else {
      this.#tell(words.not_kept);
      this.draftDue = setTimeout(() => this.#save(), 5000);
    }
  }

  #saveAtLast() {
    if (this.sending || this.text.value === this.savedText) return;
    const draft = this.#draft();
    post("/drafts", this.form, draft, { keepalive: true }).catch(() => {});
    sessionStorage.setItem(this.#leftKey, JSON.stringify({ ...draft, at: Date.now() }));
  }

  get #leftKey() {
    return `left ${this.form.dataset.place}`;
  }

  /** Loaded again, a page may have been drawn before the last words of this very tab arrived. */
  #takeUp() {
    const left = JSON.parse(sessionStorage.getItem(this.#leftKey) ?? "null");
    sessionStorage.removeItem(this.#leftKey);
    if (!left || Date.now() - left.at > LEFT_MS || left.text === this.text.value) return;
    if (this.text.value !== this.text.defaultValue) return; // somebody was quicker than this script
    this.own = left.text;
    this.text.value = left.text;
    if (this.title) this.title.value = left.title;
    this.#changed();
  }

  async #otherWindow() {
    const draft = await this.#keptDraft();
    const own = [this.savedText, this.text.value, this.own ?? this.savedText].map(plain);
    if (draft && own.includes(plain(draft.text))) {
      this.form.elements.seq.value = draft.seq; // kept by this window itself
      this.#save();
      return;
    }
    const take = element("button", "button button--small", words.take_other);
    const keep = element("button", "button button--small", words.keep_mine);
    take.type = keep.type = "button";
    take.addEventListener("click", () => this.#fetchDraft(true));
    keep.addEventListener("click", () => this.#fetchDraft(false));
    this.kept.replaceChildren(`${words.other_window} `, take, " ", keep);
  }

  async #keptDraft() {
    const answer = await fetch(`/drafts?place=${encodeURIComponent(this.form.dataset.place)}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  async #fetchDraft(takeIt) {
    const draft = await this.#keptDraft();
    if (!draft) return;
    this.form.elements.seq.value = draft.seq;
    if (takeIt) this.text.value = draft.text;
    this.#tell("");
    this.#changed();
  }

  #tell(sentence) {
    this.kept.textContent = sentence || this.hint;
  }

  // --- sending ----------------------------------------------------------------------------------

  #submit(event) {
    if (!this.isReply || !document.querySelector("[data-posts]")) {
      this.sending = true; // an ordinary form goes its way
      return;
    }
    event.preventDefault();
    if (this.sending || !this.text.value.trim()) return;
    clearTimeout(this.draftDue);
    this.sending = true;
    this.asked += 1;
    const sent = {
      text: this.text.value,
      client_key: this.form.elements.client_key.value,
      reply_to: this.form.elements.reply_to?.value ?? "",
      seen_set: this.set ?? "",
      confirmed: this.confirmed.checked ? this.confirmed.value : "",
      advice_reason: this.form.elements.advice_reason.value,
    };
    this.#busy(true);
    this.#tell(words.sending);
    this.#deliver(sent, FIRST_RETRY_MS);
  }

  /** Send under one key until there is an answer: however often it arrives, it is one post. */
  async #deliver(sent, pause) {
    const answer = await post(this.form.action, this.form, sent).catch(() => null);
    if (!answer || answer.status >= 502) {
      this.#tell(words.waits);
      const again = () => {
        clearTimeout(timer);
        window.removeEventListener("online", again);
        this.#deliver(sent, Math.min(pause * 2, LAST_RETRY_MS));
      };
      const timer = setTimeout(again, pause);
      window.addEventListener("online", again);
      return;
    }
    const body = await answer.json().catch(() => ({}));
    this.sending = false;
    this.#busy(false);
    if (answer.ok) this.#done(body);
    else this.#refused(answer, body);
  }

  #done(body) {
    this.text.value = this.savedText = "";
    sessionStorage.removeItem(this.#leftKey);
    this.form.elements.client_key.value = crypto.randomUUID();
    if (this.form.elements.reply_to) this.form.elements.reply_to.value = "";
    if (this.form.elements.seq) this.form.elements.seq.value = "0";
    this.form.elements.advice_reason.value = "";
    this.#show(null);
    this.#tell(body.copied?.length ? say(words.copied, { desks: body.copied.map((desk) => words.desks[desk]).join(", ") }) : "");
    this.#announce("");
    if (body.inquiry) this.kept.replaceChildren(`${words.inquiry} `, deed(words.to_inquiry, null, body.inquiry));
    if (body.html) {
      const { post: shown, what } = upsertPost(body.html, { own: true });
      if (what === "elsewhere") window.location.assign(`/posts/${body.id}`);
      shown?.scrollIntoView({ block: "nearest" });
    } else {
      window.location.assign(`/posts/${body.id}`);
    }
  }

  #refused(answer, body) {
    if (body.verdict) {
      const before = this.set;
      const waits = body.error === "advice";
      if (!waits) this.form.elements.client_key.value = crypto.randomUUID();
      this.savedText = this.text.value; // the server has kept it as the draft
      this.sentText = this.text.value;
      this.#show(body.verdict);
      this.#tell(before && before !== body.verdict.set ? say(words.new_rules, { set: body.verdict.set }) : "");
      if (body.verdict.set_change?.sentence) this.#tell(body.verdict.set_change.sentence);
      if (waits) {
        this.#tell(body.message);
        this.#announce(body.message);
        this.confirmed.focus();
        return;
      }
    } else {
      this.#complain(body.message ?? words.failed);
      this.#tell(words.failed);
      if (body.next && [401, 403].includes(answer.status)) this.#leaveFor(body.next);
    }
    this.text.focus();
  }

  /** The gate has closed: the words are kept in the draft, and the way leads through the gate. */
  #leaveFor(next) {
    const place = `${window.location.pathname}${window.location.search}`;
    window.location.assign(`${next}?next=${encodeURIComponent(place)}`);
  }

  #busy(on) {
    this.send.toggleAttribute("aria-busy", on);
    if (on) this.send.setAttribute("aria-busy", "true");
    this.text.readOnly = on;
  }

  quote(lines, postId) {
    if (lines.length) {
      this.text.value = `${this.text.value.trimEnd()}${this.text.value.trim() ? "\n\n" : ""}${asQuote(lines)}\n\n`;
    }
    if (this.form.elements.reply_to) this.form.elements.reply_to.value = postId;
    this.text.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
    this.form.scrollIntoView({ block: "nearest" });
    this.#changed();
  }
}

const composers = [...document.querySelectorAll("[data-composer]")].map((form) => new Composer(form));

// --- quoting: the marked words of a post, or all of it -------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest(".post__reply");
  const composer = composers.find((each) => each.isReply);
  if (!link || !composer || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const post = link.closest(".post");
  const prose = post.querySelector(".prose");
  const marked = window.getSelection();
  const chosen = prose.contains(marked.anchorNode) && marked.toString().trim();
  const lines = (chosen || prose.innerText).trim().split("\n").filter((line) => line.trim());
  composer.quote(lines, post.id.replace("post-", ""));
});

// --- a correction begins with the words that are marked in the post ---------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest(".post__correct");
  const marked = window.getSelection();
  const prose = link?.closest(".post").querySelector(".prose");
  if (!prose?.contains(marked.anchorNode) || !marked.toString().trim()) return;
  link.search = new URLSearchParams({ words: marked.toString().trim() });
});

// --- how far one has read -------------------------------------------------------------------------

const page = document.querySelector("[data-live][data-thread]");
const form = document.querySelector("[data-composer]") ?? null;
let furthest = 0;
let readDue = 0;

function noteRead() {
  const token = form ? tokenOf(form) : document.querySelector("input[name=csrf_token]")?.value;
  if (!page?.dataset.thread || !token || document.hidden) return;
  fetch(`/threads/${page.dataset.thread}/read`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: JSON.stringify({ number: String(furthest) }),
    keepalive: true,
  }).catch(() => {});
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((each) => each.isIntersecting)) {
    const number = Number(entry.target.dataset.number);
    if (number > furthest) {
      furthest = number;
      clearTimeout(readDue);
      readDue = setTimeout(noteRead, READ_MS);
    }
  }
});

if (page?.dataset.thread) {
  for (const shown of document.querySelectorAll("[data-posts] [data-number]")) seen.observe(shown);
  document.addEventListener("post:shown", (event) => seen.observe(event.detail.post));
}

// --- what can't be edited any more -----------------------------------------------------------------

const LOOK_MS = 15_000;

function closeEditing() {
  const since = Date.now() - Number(page.dataset.editMinutes) * 60_000;
  for (const post of document.querySelectorAll(".post[data-number]:not([data-closed])")) {
    post.toggleAttribute("data-closed", Date.parse(post.querySelector(".post-when time").dateTime) <= since);
  }
}

if (page?.dataset.thread) {
  closeEditing();
  setInterval(closeEditing, LOOK_MS);
}
