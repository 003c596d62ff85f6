// Turns each box of a report into an editor with bold, lists and tables. The box stays the field of
// the form: what is typed is written into it as text, so saving works as it does without this file.
import { Editor, Extension } from "@tiptap/core";
import { TableKit } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";

import { understood } from "./pasted.js";
import { documentOf, textOf } from "./text.js";

/** Marks a list whose items begin with a plus, though they stand below no other. */
const Plus = Extension.create({
  name: "plus",
  addGlobalAttributes: () => [
    {
      types: ["bulletList"],
      attributes: {
        plus: {
          default: false,
          parseHTML: (list) => list.hasAttribute("data-plus"),
          renderHTML: ({ plus }) => (plus ? { "data-plus": "" } : {}),
        },
      },
    },
  ],
});

const EXTENSIONS = [
  Plus,
  StarterKit.configure({
    blockquote: false,
    code: false,
    codeBlock: false,
    heading: false,
    horizontalRule: false,
    link: false,
    strike: false,
    underline: false,
  }),
  TableKit.configure({ table: { resizable: false, allowTableNodeSelection: true } }),
];

const inTable = (editor) => editor.isActive("table");
const BUTTONS = [
  ["bold", "Đậm (Ctrl+B)", (chain) => chain.toggleBold(), { mark: "bold" }],
  ["italic", "Nghiêng (Ctrl+I)", (chain) => chain.toggleItalic(), { mark: "italic" }],
  ["list", "Gạch đầu dòng", (chain) => chain.toggleBulletList(), { mark: "bulletList" }],
  ["list-numbers", "Đánh số thứ tự", (chain) => chain.toggleOrderedList(), { mark: "orderedList" }],
  ["indent-increase", "Thụt vào một cấp", (chain) => chain.sinkListItem("listItem"), { can: true }],
  ["indent-decrease", "Đưa ra một cấp", (chain) => chain.liftListItem("listItem"), { can: true }],
  ["table-plus", "Chèn bảng", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), { outside: true }],
  ["row-insert-bottom", "Thêm hàng bên dưới", (chain) => chain.addRowAfter(), { table: true }],
  ["column-insert-right", "Thêm cột bên phải", (chain) => chain.addColumnAfter(), { table: true }],
  ["row-remove", "Xóa hàng", (chain) => chain.deleteRow(), { table: true }],
  ["column-remove", "Xóa cột", (chain) => chain.deleteColumn(), { table: true }],
  ["table-off", "Xóa bảng", (chain) => chain.deleteTable(), { table: true }],
  ["arrow-back-up", "Hoàn tác (Ctrl+Z)", (chain) => chain.undo(), { can: true }],
  ["arrow-forward-up", "Làm lại (Ctrl+Y)", (chain) => chain.redo(), { can: true }],
];

function toolbarOf(editor, label) {
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", `Định dạng: ${label}`);
  const buttons = BUTTONS.map(([icon, title, act, when]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "editor-button";
    button.title = title;
    button.setAttribute("aria-label", title);
    const sign = document.createElement("i");
    sign.className = `ti ti-${icon}`;
    sign.setAttribute("aria-hidden", "true");
    button.append(sign);
    // Pressing a button must not take the selection away from the text.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => act(editor.chain().focus()).run());
    bar.append(button);
    return { button, act, when };
  });
  // One stop for the Tab key; arrows move within the bar.
  const shown = () => buttons.map(({ button }) => button).filter((button) => !button.hidden && !button.disabled);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const row = shown();
    const next = row[(row.indexOf(document.activeElement) + step + row.length) % row.length];
    event.preventDefault();
    next?.focus();
    rove(next);
  });
  function rove(active) {
    const row = shown();
    const stop = row.includes(active) ? active : row[0];
    for (const { button } of buttons) button.tabIndex = button === stop ? 0 : -1;
  }
  const update = () => {
    const table = inTable(editor);
    for (const { button, act, when } of buttons) {
      if (when.mark) {
        button.setAttribute("aria-pressed", String(editor.isActive(when.mark)));
      }
      if (when.can) button.disabled = !act(editor.can().chain()).run();
      if (when.table) button.hidden = !table;
      if (when.outside) button.hidden = table;
    }
    rove(document.activeElement);
  };
  editor.on("transaction", update);
  update();
  return bar;
}

function start(box) {
  const label = document.querySelector(`label[for="${box.id}"]`);
  if (label && !label.id) label.id = `${box.id}-label`;
  const place = document.createElement("div");
  place.className = `editor${box.classList.contains("is-invalid") ? " is-invalid" : ""}`;
  const attributes = { class: "editor-text", role: "textbox", "aria-multiline": "true" };
  if (label) attributes["aria-labelledby"] = label.id;
  const described = box.getAttribute("aria-describedby");
  if (described) attributes["aria-describedby"] = described;
  if (box.classList.contains("is-invalid")) attributes["aria-invalid"] = "true";
  const editor = new Editor({
    element: place,
    extensions: EXTENSIONS,
    content: documentOf(box.value),
    injectCSS: false,
    editorProps: { attributes, transformPastedHTML: understood },
    onUpdate: () => {
      known = textOf(editor.getJSON());
      box.value = known;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  let known = box.value;
  place.prepend(toolbarOf(editor, label?.textContent.trim() || ""));
  box.after(place);
  box.hidden = true;
  label?.addEventListener("click", () => editor.commands.focus());
  return {
    /** Text that something else wrote into the box, such as what was restored. */
    follow() {
      if (box.value === known) return;
      known = box.value;
      editor.commands.setContent(documentOf(known), { emitUpdate: false });
    },
  };
}

for (const form of document.querySelectorAll("form[data-rich]")) {
  const editors = [...form.querySelectorAll("textarea.report-text")].map(start);
  form.addEventListener("input", () => editors.forEach((editor) => editor.follow()));
}
