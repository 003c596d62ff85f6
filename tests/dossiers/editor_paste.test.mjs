// What Word puts on the clipboard, as the editor reads it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { understood } from "../../static/app/editor/pasted.js";

const paragraph = (sign, text, level = 1) =>
  `<p class=MsoListParagraphCxSpMiddle style='text-indent:-.25in;mso-list:l0 level${level} lfo1'>` +
  `<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>${sign}` +
  `<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}</p>`;

test("points of Word's lists are items, lower levels with a plus", () => {
  for (const sign of ["·", "o", "§", "Ø", "ü", "-", "\uf0b7"]) {
    assert.equal(understood(paragraph(sign, "Một <b>hai</b>")), "<ul><li><p>Một <b>hai</b></p></li></ul>");
    assert.equal(understood(paragraph(sign, "Ba", 2)), '<ul data-plus=""><li><p>Ba</p></li></ul>');
  }
  const commented = paragraph("·", "Bốn").replace("<![if !supportLists]>", "<!--[if !supportLists]-->");
  assert.equal(understood(commented.replace("<![endif]>", "<!--[endif]-->")), "<ul><li><p>Bốn</p></li></ul>");
});

test("numbers stay what they say", () => {
  for (const sign of ["1.", "a)", "3", "(i)", ""]) {
    const html = paragraph(sign, "Một");
    assert.equal(understood(html), html);
  }
});

test("what is raised or lowered keeps its place", () => {
  assert.equal(understood("120 m<sup>2</sup>, CO<sub>2</sub>"), "120 m², CO₂");
  assert.equal(understood("10<SUP class='x'><span>12</span></SUP> đồng"), "10¹² đồng");
  assert.equal(understood("10<sup>10</sup>, 10<sup>-3</sup>"), "10^10, 10^-3");
  assert.equal(understood("1<sup>st</sup>, x<sub>i</sub>"), "1<sup>st</sup>, x<sub>i</sub>");
});

test("other pages are left alone", () => {
  const html = "<p>Một</p><ul><li>hai</li></ul><p style='margin:0'>· ba</p>";
  assert.equal(understood(html), html);
});

test("a long text is read in no time", () => {
  const began = performance.now();
  understood(paragraph("·", "dài ".repeat(50)).repeat(2000) + "<p mso-list: <sup>".repeat(20000));
  assert.ok(performance.now() - began < 2000);
});
