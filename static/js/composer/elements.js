/** Small makings of the composer: elements, sentences with places in them. */

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A button or a link that does one small thing. */
export function deed(word, act, href = "") {
  const made = element(href ? "a" : "button", "button button--small", word);
  if (href) made.href = href;
  else made.type = "button";
  if (act) made.addEventListener("click", act);
  return made;
}

export const say = (sentence, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`%(${name})s`, value), sentence ?? "");
