// The text of a box as a document of the editor, and back. The grammar is that of dossiers/prose.py.

const ITEM = /^([-–—•*+])(?:\s+|(?=[\p{L}_]))(.*)$/u;
const NUMBERED = /^(0|[1-9]\d{0,2})\.\s+(.*)$/;
const ROW = /^\|(?:(?:\\.|[^|\\])*\|)+$/u;
const CELL = /((?:\\.|[^|\\])*)\|/gu;
const RULE = /^\|(?:[ :]*-[ :-]*\|)+$/;
const MARK =
  /\\([\\*_|])|\*\*(?=[^\s*])((?:\\.|(?!\*\*)[^\\])+?)(?<=\S)\*\*|(?<![\p{L}\p{N}_])_(?=[^\s_])((?:\\.|(?!(?<![\p{L}\p{N}_])_(?=[^\s_]))[^\\])+?)(?<=\S)_(?![\p{L}\p{N}_])/gu;

// --- Text to document -----------------------------------------------------------------------------

/** The words of a line with their marks: [{text, bold, italic}]. */
export function runsOf(text, bold = false, italic = false) {
  const found = [];
  let end = 0;
  for (const mark of text.matchAll(MARK)) {
    if (mark.index > end) found.push({ text: text.slice(end, mark.index), bold, italic });
    end = mark.index + mark[0].length;
    const [, escaped, strong, slanted] = mark;
    if (escaped) found.push({ text: escaped, bold, italic });
    else if (strong) found.push(...runsOf(strong, true, italic));
    else found.push(...runsOf(slanted, bold, true));
  }
  if (end < text.length) found.push({ text: text.slice(end), bold, italic });
  return joined(found);
}

function joined(runs) {
  const found = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last && last.bold === run.bold && last.italic === run.italic) last.text += run.text;
    else found.push({ ...run });
  }
  return found;
}

function paragraph(text) {
  const content = runsOf(text).map((run) => ({
    type: "text",
    text: run.text,
    marks: [run.bold && { type: "bold" }, run.italic && { type: "italic" }].filter(Boolean),
  }));
  return content.length ? { type: "paragraph", content } : { type: "paragraph" };
}

const item = (text) => ({ type: "listItem", content: [paragraph(text)] });

/** The document of a text: paragraphs, lists and tables as Tiptap holds them. */
export function documentOf(text) {
  const content = [];
  let rows = [];
  for (const line of [...text.split("\n"), ""].map((each) => each.trim())) {
    if (ROW.test(line)) {
      if (!RULE.test(line)) rows.push([...line.slice(1).matchAll(CELL)].map(([, cell]) => cell.trim()));
      continue;
    }
    if (rows.length) content.push(tableOf(rows));
    rows = [];
    if (line) addLine(content, line);
  }
  return { type: "doc", content: content.length ? content : [{ type: "paragraph" }] };
}

function addLine(content, line) {
  const last = content.at(-1);
  const bullet = ITEM.exec(line);
  const numbered = NUMBERED.exec(line);
  const isPlus = bullet?.[1] === "+";
  if (isPlus && last?.type === "bulletList" && !last.attrs?.plus) {
    const parent = last.content.at(-1);
    const below = parent.content.at(-1);
    if (below.type === "bulletList") below.content.push(item(bullet[2]));
    else parent.content.push({ type: "bulletList", content: [item(bullet[2])] });
  } else if (bullet) {
    if (last?.type === "bulletList" && Boolean(last.attrs?.plus) === isPlus) last.content.push(item(bullet[2]));
    // Items of the second level that stand below none of the first are a list of their own.
    else content.push({ type: "bulletList", ...(isPlus && { attrs: { plus: true } }), content: [item(bullet[2])] });
  } else if (numbered) {
    const number = Number(numbered[1]);
    if (last?.type === "orderedList" && last.attrs.start + last.content.length === number)
      last.content.push(item(numbered[2]));
    else content.push({ type: "orderedList", attrs: { start: number }, content: [item(numbered[2])] });
  } else {
    content.push(paragraph(line));
  }
}

function tableOf(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  return {
    type: "table",
    content: rows.map((row, i) => ({
      type: "tableRow",
      content: Array.from({ length: width }, (_, k) => ({
        type: i === 0 && rows.length > 1 ? "tableHeader" : "tableCell",
        content: [paragraph(row[k] || "")],
      })),
    })),
  };
}

// --- Document to text -----------------------------------------------------------------------------

/** The runs of a node, a line for each hard break. */
function linesOf(node) {
  const lines = [[]];
  for (const child of node.content || []) {
    if (child.type === "hardBreak") lines.push([]);
    if (child.type !== "text") continue;
    const marks = new Set((child.marks || []).map((mark) => mark.type));
    lines.at(-1).push({ text: child.text, bold: marks.has("bold"), italic: marks.has("italic") });
  }
  return lines.map(joined);
}

/** Blanks at the edge of bold or italic words belong outside of their marks. */
function trimmed(runs) {
  const found = [];
  for (const run of runs) {
    if (!run.bold && !run.italic) {
      found.push(run);
      continue;
    }
    const [, before, words, after] = /^(\s*)(.*?)(\s*)$/su.exec(run.text);
    if (before) found.push({ text: before, bold: false, italic: false });
    if (words) found.push({ ...run, text: words });
    if (after) found.push({ text: after, bold: false, italic: false });
  }
  return joined(found);
}

function marked(runs, escape) {
  return runs
    .map(({ text, bold, italic }) => {
      let piece = escape ? text.replace(/[\\*_|]/gu, "\\$&") : text;
      if (italic) piece = `_${piece}_`;
      return bold ? `**${piece}**` : piece;
    })
    .join("");
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The line that reads back as these runs; marks that cannot be written down are left out. */
function lineOf(runs) {
  const wanted = trimmed(runs);
  for (const escape of [false, true]) {
    const line = marked(wanted, escape);
    if (same(runsOf(line), wanted)) return line;
  }
  const upright = joined(wanted.map((run) => ({ ...run, italic: false })));
  const line = marked(upright, true);
  if (same(runsOf(line), upright)) return line;
  return marked([{ text: wanted.map((run) => run.text).join(""), bold: false, italic: false }], true);
}

const clean = (line) => line.replace(/\s+/gu, " ").trim();
const textsOf = (node) => linesOf(node).map((runs) => clean(lineOf(runs)));

/** What stands in a cell, in one line. */
function cellText(node) {
  const parts = [];
  const walk = (child) => {
    if (child.type === "paragraph") parts.push(...textsOf(child));
    else (child.content || []).forEach(walk);
  };
  (node.content || []).forEach(walk);
  return parts
    .filter(Boolean)
    .join(" ")
    .replace(/\\.|\|/gu, (sign) => (sign === "|" ? "\\|" : sign));
}

/** Cells that span rows or columns leave empty ones behind. */
function rowsOf(table) {
  const grid = [];
  (table.content || []).forEach((row, y) => {
    grid[y] ||= [];
    let x = 0;
    for (const cell of row.content || []) {
      while (grid[y][x] !== undefined) x += 1;
      const { colspan = 1, rowspan = 1 } = cell.attrs || {};
      for (let dy = 0; dy < rowspan; dy += 1) {
        grid[y + dy] ||= [];
        for (let dx = 0; dx < colspan; dx += 1) grid[y + dy][x + dx] = dx || dy ? "" : cellText(cell);
      }
    }
  });
  return grid.slice(0, (table.content || []).length).map((row) => Array.from(row, (cell) => cell || ""));
}

function listLines(list, level, lines) {
  const dash = level > 1 || list.attrs?.plus ? "+" : "-";
  (list.content || []).forEach((entry, i) => {
    const number = (list.attrs?.start || 1) + i;
    const sign = list.type === "orderedList" ? `${number}.` : dash;
    let first = true;
    for (const child of entry.content || []) {
      if (child.type === "paragraph") {
        for (const text of textsOf(child)) {
          if (text) lines.push(first ? `${sign} ${text}` : `${dash} ${text}`);
          first = false;
        }
      } else {
        listLines(child, list.type === "orderedList" ? level : level + 1, lines);
      }
    }
  });
}

/** A line that is no row, and no item either when it begins with the star of a note. */
function asParagraph(line) {
  if (ROW.test(line)) return line.replaceAll("|", "\\|");
  return line.startsWith("*") && ITEM.test(line) ? `\\${line}` : line;
}

/** The text of a document. */
export function textOf(document) {
  const lines = [];
  for (const node of document.content || []) {
    if (node.type === "table") {
      const rows = rowsOf(node);
      if (rows.some((row) => row.some(Boolean))) {
        if (lines.at(-1)?.startsWith("|")) lines.push("");
        lines.push(...rows.map((row) => clean(`| ${row.join(" | ")} |`)));
      }
    } else if (node.type === "bulletList" || node.type === "orderedList") {
      listLines(node, 1, lines);
    } else {
      lines.push(...textsOf(node).map(asParagraph));
    }
  }
  return lines.join("\n").trim();
}
