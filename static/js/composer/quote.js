/** Writes words of a post as a Markdown quote. */

// What a `>` before it would be read with: "> 5.5" is a threshold, "> ULN" a limit, "> :)" a face.
const BEGINS_WITH_A_WORD = /^\p{L}/u;
const MAY_BE_COMPARED = /^(?:x|ca?|ULN|LLN|LOQ|LOD|grade|stage|class|NYHA|CKD|day|week|month)(?:\P{L}|$)/iu;

/**
 * The lines as a quote, behind a bare mark where they might be read as something else.
 *
 * @param {string[]} lines
 */
export function asQuote(lines) {
  const [first = ""] = lines;
  const isPlain = BEGINS_WITH_A_WORD.test(first) && !MAY_BE_COMPARED.test(first);
  return [...(isPlain ? [] : [">"]), ...lines.map((line) => `> ${line}`)].join("\n");
}
