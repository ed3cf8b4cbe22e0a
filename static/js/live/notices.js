/** What the page says about its line: offline and back, who is here, who is writing. */

const TYPED_MS = 4000;

const words = JSON.parse(document.getElementById("live-words")?.textContent ?? "{}");
const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const list = new Intl.ListFormat(language, { type: "conjunction" });

/** A sentence of the page in the reader's language, its `%(places)s` filled. */
export function say(name, values = {}) {
  let sentence = words[name] ?? "";
  if (typeof sentence === "object") sentence = sentence[plural.select(values.num)] ?? sentence.other;
  return sentence.replaceAll(/%\((\w+)\)s/g, (_, key) => String(values[key] ?? ""));
}

export const clock = (moment) => hour.format(moment);

/** The line above the composer: offline since when, back with what. */
export class LineStatus {
  constructor(element) {
    this.element = element;
    this.text = element?.querySelector("[data-live-text]") ?? element;
    this.action = element?.querySelector("[data-live-show]");
  }

  offline(since) {
    this.#show(say("offline", { since: clock(since) }), { back: false });
  }

  turnedAway(reason) {
    this.#show(say(`away_${reason}`) || say("away_closed"), { back: false });
  }

  back(since, until, added, removed) {
    const times = { from: clock(since), to: clock(until) };
    const what = [
      added && say("added", { num: added }),
      removed && say("removed", { num: removed }),
    ].filter(Boolean);
    const sentence = what.length
      ? say("back", { ...times, what: what.join(", ") })
      : say("back_nothing", times);
    this.#show(sentence, { back: true, action: added > 0 });
    if (!what.length) this.fading = setTimeout(() => this.hide(), 8000);
  }

  hide() {
    if (this.element) this.element.hidden = true;
  }

  #show(sentence, { back, action = false }) {
    if (!this.element) return;
    clearTimeout(this.fading);
    this.element.classList.toggle("offline--back", back);
    if (this.action) this.action.hidden = !action;
    this.element.hidden = false;
    this.text.textContent = sentence;
  }
}

/** The faces at the top: at most three, and how many more. */
export class Presence {
  constructor(element, viewerId) {
    this.element = element;
    this.viewerId = viewerId;
  }

  show({ count, members }) {
    if (!this.element) return;
    const others = members.filter((member) => member.id !== this.viewerId);
    const more = count - (members.length - others.length);
    this.element.hidden = more < 1;
    if (more < 1) return;
    const shown = others.slice(0, 3);
    const faces = document.createElement("span");
    faces.className = "faces";
    faces.append(...shown.map(face));
    const text = document.createElement("span");
    text.textContent = whoIsHere(shown, more, this.element.dataset.presence);
    this.element.replaceChildren(faces, text);
  }

  hide() {
    if (this.element) this.element.hidden = true;
  }
}

function face(member) {
  const avatar = document.createElement("span");
  avatar.className = `avatar avatar--small${member.company ? " avatar--company" : ""}`;
  avatar.ariaHidden = "true";
  avatar.textContent = member.initials;
  return avatar;
}

const named = (member) => (member.company ? say("company", { name: member.name }) : member.name);

function whoIsHere(shown, count, where) {
  const names = shown.map(named);
  if (count > shown.length) names.push(say("others", { num: count - shown.length }));
  return say(where === "thread" ? "reading" : "here", { num: count, names: list.format(names) });
}

/** The line "… is writing"; forgotten when nothing follows. */
export class Typing {
  constructor(element) {
    this.element = element;
    this.writers = new Map();
  }

  show(member) {
    if (!this.element) return;
    clearTimeout(this.writers.get(member.id)?.timer);
    const timer = setTimeout(() => this.stop(member.id), TYPED_MS);
    this.writers.set(member.id, { member, timer });
    this.#write();
  }

  stop(memberId) {
    clearTimeout(this.writers.get(memberId)?.timer);
    if (this.writers.delete(memberId)) this.#write();
  }

  #write() {
    const writers = [...this.writers.values()].map(({ member }) => named(member));
    const names = writers.length > 2 ? [say("several")] : writers;
    const text = this.element.querySelector("[data-live-text]");
    this.element.hidden = writers.length === 0;
    if (writers.length) {
      text.textContent = say("writing", { num: writers.length, names: list.format(names) });
    }
  }
}
