// The report as it will be printed, beside the text; made again after each save.
import * as pdfjs from "pdfjs-dist";

const pane = document.querySelector("[data-preview]");
const REMEMBERED = "preview-open";
const POLL = 600;
const SLOW = 180_000;
const WIDE = window.matchMedia("(min-width: 1200px)");

if (pane) begin();

function begin() {
  const { stateUrl, orderUrl, workerUrl } = pane.dataset;
  const layout = pane.closest(".report-layout");
  const toggle = document.querySelector("[data-preview-toggle]");
  const status = pane.querySelector("[data-preview-status]");
  const sheets = pane.querySelector("[data-preview-pages]");
  let shown = "";
  let round = 0;

  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    open(pane.hidden);
    if (!pane.hidden && !WIDE.matches) pane.scrollIntoView({ block: "start" });
  });
  pane.querySelector("[data-preview-close]").addEventListener("click", () => {
    open(false);
    toggle.focus();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const saved = event.detail.elt?.hasAttribute?.("data-autosave") && event.detail.successful;
    if (saved && !pane.hidden) refresh();
  });
  window.addEventListener("resize", later(() => !pane.hidden && shown && draw(shown)));
  if (recall() === "1" && WIDE.matches) open(true);

  function open(wanted) {
    pane.hidden = !wanted;
    layout.classList.toggle("is-previewing", wanted);
    toggle.setAttribute("aria-expanded", String(wanted));
    remember(wanted ? "1" : "0");
    if (wanted) refresh();
  }

  function say(text) {
    status.textContent = text;
  }

  /** Orders the paper as it was saved last, waits for it, and shows it. */
  async function refresh() {
    round += 1;
    const mine = round;
    const began = Date.now();
    say("Đang tạo bản xem trước…");
    try {
      let answer = await ask("POST", orderUrl);
      while (mine === round && (answer.state === "pending" || answer.state === "rendering")) {
        if (Date.now() - began > SLOW) throw new Error("Bản xem trước chưa tạo xong; hãy thử lại sau.");
        await new Promise((done) => setTimeout(done, POLL));
        answer = await ask("GET", stateUrl);
        if (mine === round && answer.progress) say(`Đang tạo bản xem trước… ${answer.progress} %`);
      }
      if (mine !== round) return;
      if (answer.state !== "ready") throw new Error(answer.error || "Chưa tạo được bản xem trước.");
      if (answer.url !== shown) await draw(answer.url);
      if (mine === round) say(`Bản đã lưu lúc ${answer.saved}`);
    } catch (error) {
      if (mine === round) say(error.message);
    }
  }

  async function ask(method, url) {
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    const response = await fetch(url, { method, headers }).catch(() => null);
    if (!response) throw new Error("Không liên lạc được với máy chủ.");
    if (response.redirected || response.status === 401) throw new Error("Phiên làm việc đã hết hạn.");
    if (!response.ok) throw new Error("Chưa tạo được bản xem trước.");
    return response.json();
  }

  /** Draws all pages into a new set and changes over when it is complete, at the same place. */
  async function draw(url) {
    pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
    const task = pdfjs.getDocument({ url, useWasm: false, useWorkerFetch: false, isEvalSupported: false });
    // The draft may have been replaced since it was named here.
    const file = await task.promise.catch(() => {
      throw new Error("Chưa mở được bản xem trước; hãy thử lại.");
    });
    const width = sheets.clientWidth;
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const pages = [];
    for (let number = 1; number <= file.numPages; number += 1) {
      const page = await file.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: (width / natural.width) * scale });
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      canvas.className = "preview-page";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Trang ${number} trên ${file.numPages}`);
      await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
      pages.push(canvas);
    }
    const { scrollTop } = sheets;
    sheets.replaceChildren(...pages);
    sheets.scrollTop = scrollTop;
    shown = url;
    await task.destroy();
  }
}

const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;

function later(act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, 400);
  };
}

function recall() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(value) {
  try {
    localStorage.setItem(REMEMBERED, value);
  } catch {
    // Forbidden storage: the pane opens when asked, only its state is forgotten.
  }
}
