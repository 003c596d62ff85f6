// Sums of the review meeting as they are typed. The server checks them again when they are saved.
(() => {
  "use strict";

  const form = document.getElementById("meeting-form");
  if (!form) return;

  const presentBoxes = [...form.querySelectorAll("[data-present]")];
  const presentCount = form.querySelector("[data-present-count]");
  const rows = [...form.querySelectorAll("[data-vote-row]")];

  function refresh() {
    const present = presentBoxes.filter((box) => box.checked).length;
    presentCount.textContent = String(present);
    for (const row of rows) {
      const numbers = [...row.querySelectorAll("[data-vote]")].map((input) => input.value.trim());
      const sum = numbers.reduce((total, text) => total + (Number.parseInt(text, 10) || 0), 0);
      const empty = numbers.every((text) => text === "");
      const output = row.querySelector("[data-vote-sum]");
      output.textContent = empty ? "–" : `${sum}/${present}`;
      output.classList.toggle("text-danger", !empty && sum !== present);
      output.classList.toggle("fw-medium", !empty && sum !== present);
    }
  }

  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  refresh();
})();
