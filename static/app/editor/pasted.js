// What Word puts on the clipboard, in terms that the editor knows: its lists are paragraphs that begin
// with a sign in a font of its own, and what is raised or lowered is so by its type alone.

const RAISED = { 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", n: "ⁿ" };
const LOWERED = Object.fromEntries([..."0123456789"].map((sign, i) => [sign, "₀₁₂₃₄₅₆₇₈₉"[i]]));
// Neither holds another of its kind, so what is not closed is not searched to the end of the text.
const SHIFTED = /<su([pb])\b([^<>]*)>((?:(?!<su[pb]\b).)*?)<\/su\1\s*>/gis;
const ITEM = /<p\b([^<>]*\bmso-list:[^<>]*)>((?:(?!<p\b).)*?)<\/p\s*>/gis;
// The sign stands between conditions that only Word understands.
const SIGN = /<!(?:--)?\[if\s+!supportLists\](?:--)?>(.*?)<!(?:--)?\[endif\](?:--)?>/is;
const LEVEL = /\blevel(\d)/i;

const plain = (html) =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&nbsp;|&#160;|&#xa0;/gi, " ")
    .trim();

/** The word in signs of the font, 10^12 where the font lacks one; as it was when it is no number. */
function shifted(whole, kind, _attributes, inner) {
  const text = plain(inner);
  const known = kind.toLowerCase() === "p" ? RAISED : LOWERED;
  const signs = [...text].map((sign) => known[sign]);
  if (text && signs.every(Boolean)) return signs.join("");
  return kind.toLowerCase() === "p" && /^[-−]?\d+$/.test(text) ? `^${text}` : whole;
}

/** An item, if its sign is a point or a dash; numbers and letters are the text of a paragraph. */
function item(whole, attributes, inner) {
  const sign = plain(SIGN.exec(inner)?.[1] || "");
  if ([...sign].length !== 1 || /\d/.test(sign)) return whole;
  const level = Number(LEVEL.exec(attributes)?.[1] || 1);
  const rest = inner.replace(SIGN, "").trim();
  return `<ul${level > 1 ? ' data-plus=""' : ""}><li><p>${rest}</p></li></ul>`;
}

/** The HTML that was pasted, as the editor is to read it. */
export function understood(html) {
  return html.replace(ITEM, item).replace(SHIFTED, shifted);
}
