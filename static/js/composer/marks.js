/** Draws what the guardrails found behind the text: marks never overlap, and name their findings. */

import { element } from "./elements.js";

/**
 * @param {HTMLElement} layer lies behind the field with the same metrics
 * @param {string[]} points the text by code points
 * @param {{start: number, end: number, outcome: string, findings: number[]}[]} marks
 * @param {number} offset how many findings of the title stand before those of the text
 */
export function drawMarks(layer, points, marks, offset) {
  const parts = [];
  let at = 0;
  for (const mark of marks) {
    parts.push(points.slice(at, mark.start).join(""));
    const drawn = element("mark", `finding finding--${mark.outcome}`, points.slice(mark.start, mark.end).join(""));
    drawn.dataset.no = mark.findings.map((place) => place + 1 + offset).join(", ");
    parts.push(drawn);
    at = mark.end;
  }
  parts.push(points.slice(at).join(""), "\n");
  layer.replaceChildren(...parts);
}
