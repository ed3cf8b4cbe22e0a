/** Draws what the guardrails found behind the text: marks never overlap, and name their findings. */

import { element } from "./elements.js";

/**
 * @param {HTMLElement} layer lies behind the field with the same metrics
 * @param {string[]} points the text by code points
 * @param {{start: number, end: number, outcome: string, notes: number[]}[]} marks each with the numbers of its findings
 */
export function drawMarks(layer, points, marks) {
  const parts = [];
  let at = 0;
  for (const mark of marks) {
    parts.push(points.slice(at, mark.start).join(""));
    const drawn = element("mark", `finding finding--${mark.outcome}`, points.slice(mark.start, mark.end).join(""));
    drawn.dataset.no = numbersOf(mark.notes);
    parts.push(drawn);
    at = mark.end;
  }
  parts.push(points.slice(at).join(""), "\n");
  layer.replaceChildren(...parts);
}

/**
 * Says which findings a mark has in as little room as there is over a line: "1–7", "1, 3", "2 +4".
 *
 * @param {number[]} numbers
 */
function numbersOf(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${first}–${last}`;
  return sorted.length > 2 ? `${first} +${sorted.length - 1}` : sorted.join(", ");
}
