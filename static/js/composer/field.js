/**
 * The field one writes in, by code points: the server counts those, a field counts UTF-16 units.
 * Every change is made as if it were typed, so that the browser's own undo takes it back.
 */

export class Field {
  constructor(textarea) {
    this.area = textarea;
  }

  get points() {
    return [...this.area.value];
  }

  /** The words from `start` to `end`. */
  words(start, end) {
    return this.points.slice(start, end).join("");
  }

  /** Where in the field's own units a code point stands. */
  unit(point) {
    return this.points.slice(0, point).join("").length;
  }

  /** Put a text in the place of a span; the caret stays with the words it stood at. */
  replace(start, end, text) {
    const [from, to] = [this.unit(start), this.unit(end)];
    const caret = this.area.selectionStart;
    this.#type(from, to, text);
    const shifted = caret <= from ? caret : Math.max(from + text.length, caret + text.length - (to - from));
    this.area.setSelectionRange(shifted, shifted);
  }

  /** Put a paragraph where the caret is, with empty lines around it, and stand behind it. */
  insert(text) {
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    const before = value.slice(0, from).trimEnd() ? (value.slice(0, from).endsWith("\n\n") ? "" : "\n\n") : "";
    const after = value.slice(to).trim() ? "\n\n" : "";
    this.#type(from, to, `${before}${text}${after}`);
  }

  /** Put a few words where the caret is, in the sentence that is being typed. */
  add(words) {
    const { selectionEnd: at, value } = this.area;
    this.#type(at, at, value.slice(0, at).endsWith(" ") ? words.trimStart() : words);
  }

  /** Put a text in the place of all that is there. */
  fill(text) {
    this.#type(0, this.area.value.length, text);
  }

  #type(from, to, text) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!typed) {
      this.area.setRangeText(text, from, to, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
