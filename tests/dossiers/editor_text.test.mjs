// The grammar of the boxes, as the editor reads and writes it (dossiers/prose.py reads it too).
import assert from "node:assert/strict";
import { test } from "node:test";

import { documentOf, runsOf, textOf } from "../../static/app/editor/text.js";

const same = (text) => assert.equal(textOf(documentOf(text)), text);

test("what people wrote comes out as it was", () => {
  same("Một.\nHai ba.");
  same("Kết quả:\n- Một;\n+ Trong đó;\n+ Ngoài ra.\n- Hai.\nHết.");
  same("1. Thứ nhất\n2. Thứ hai\n- Gạch\n3. Thứ ba");
  same("Đạt **100%** _kế hoạch_ năm");
  same("| Việc | Số |\n| Kế hoạch | **12** |\n| a \\| b | |");
  same("ten_tep_2024.pdf, 5*3*2 = 30, (*), ** Ghi chú");
  same("Trong đó:\n+ Một;\n+ Hai.\n- Ba;\n+ Bốn.\nHết.\n+ Năm.");
  same("01. Đồng chí A\n02. Đồng chí B");
  same("");
});

test("what is opened again is not searched to its end", () => {
  assert.deepEqual(runsOf("**a **b** _c _d_").map((run) => [run.text, run.bold, run.italic]), [
    ["**a ", false, false],
    ["b", true, false],
    [" _c ", false, false],
    ["d", false, true],
  ]);
});

test("a note that begins with a star is no item of a list", () => {
  const node = { type: "paragraph", content: [{ type: "text", text: "*Ghi chú: số liệu năm 2024" }] };
  assert.equal(textOf({ type: "doc", content: [node] }), "\\*Ghi chú: số liệu năm 2024");
  same("\\*Ghi chú: số liệu năm 2024");
});

test("two tables stay two", () => same("| a | b |\n| 1 | 2 |\n\n| c | d |\n| 3 | 4 |"));

test("signs that would be read as marks are escaped", () => {
  for (const text of ["**a**", "_a_", "| a | b |", "\\*", "a \\_ b"]) {
    const node = { type: "paragraph", content: [{ type: "text", text }] };
    const line = textOf({ type: "doc", content: [node] });
    assert.deepEqual(documentOf(line).content[0].content.map((run) => run.text).join(""), text);
    assert.deepEqual(runsOf(line), [{ text, bold: false, italic: false }]);
  }
});

test("blanks at the edge of bold words stand outside the marks", () => {
  const bold = { type: "text", text: " rất tốt ", marks: [{ type: "bold" }] };
  const words = ["Kết quả", "."].map((text) => ({ type: "text", text }));
  const content = [words[0], bold, words[1]];
  assert.equal(textOf({ type: "doc", content: [{ type: "paragraph", content }] }), "Kết quả **rất tốt** .");
});

test("italic inside a word cannot be written down and is left out", () => {
  const content = [
    { type: "text", text: "a" },
    { type: "text", text: "b", marks: [{ type: "italic" }] },
    { type: "text", text: "c" },
  ];
  assert.equal(textOf({ type: "doc", content: [{ type: "paragraph", content }] }), "abc");
});

test("cells that span leave empty cells behind", () => {
  const cell = (text, attrs = {}) => ({
    type: "tableCell",
    attrs,
    content: [{ type: "paragraph", content: [{ type: "text", text }] }],
  });
  const rows = [
    [cell("A", { colspan: 2 }), cell("B", { rowspan: 2 })],
    [cell("c"), cell("d")],
  ].map((content) => ({ type: "tableRow", content }));
  const text = textOf({ type: "doc", content: [{ type: "table", content: rows }] });
  assert.equal(text, "| A | | B |\n| c | d | |");
});
