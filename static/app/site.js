// What pages do beyond plain HTML. Every page works without it; nothing here decides anything.
(() => {
  "use strict";

  const { body } = document;
  const { user = "", page = "", loginUrl = "" } = body.dataset;

  // --- Values of a form -------------------------------------------------------------------------

  const SKIPPED = new Set(["hidden", "file", "password", "submit", "button", "image", "reset"]);

  /** The elements whose content a person typed or chose, by name. */
  function fieldsOf(form) {
    const fields = new Map();
    for (const element of form.elements) {
      if (!element.name || SKIPPED.has(element.type)) continue;
      if (!fields.has(element.name)) fields.set(element.name, []);
      fields.get(element.name).push(element);
    }
    return fields;
  }

  function valueOf(element) {
    if (element.type === "checkbox" || element.type === "radio") return element.checked;
    if (element.multiple) return [...element.selectedOptions].map((option) => option.value);
    return element.value;
  }

  function setValue(element, value) {
    if (element.type === "checkbox" || element.type === "radio") {
      element.checked = value;
    } else if (element.multiple) {
      for (const option of element.options) option.selected = value.includes(option.value);
    } else {
      element.value = value;
    }
  }

  function snapshot(form) {
    return Object.fromEntries([...fieldsOf(form)].map(([name, all]) => [name, all.map(valueOf)]));
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /** Writes `values` back; fields that the form no longer has are left out. */
  function fill(form, values) {
    const fields = fieldsOf(form);
    let changed = null;
    for (const [name, list] of Object.entries(values)) {
      (fields.get(name) || []).forEach((element, i) => {
        if (i >= list.length || same(valueOf(element), list[i])) return;
        setValue(element, list[i]);
        changed = element;
      });
    }
    if (changed) changed.dispatchEvent(new Event("input", { bubbles: true }));
    return Boolean(changed);
  }

  // --- Small parts of the page ------------------------------------------------------------------

  function make(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  const clock = (date) =>
    `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;

  // --- Text that survives an expired session or a crash -----------------------------------------

  const KEPT = "keep:";

  const kept = {
    name: (form) => `${KEPT}${user}:${form.dataset.keep}`,
    read(name) {
      try {
        return JSON.parse(sessionStorage.getItem(name));
      } catch {
        return null;
      }
    },
    write(name, entry) {
      try {
        sessionStorage.setItem(name, JSON.stringify(entry));
      } catch {
        // Full or forbidden storage: the page works on, only this safety net is missing.
      }
    },
    drop(name) {
      try {
        sessionStorage.removeItem(name);
      } catch {
        // As above.
      }
    },
    names() {
      try {
        return Object.keys(sessionStorage).filter((name) => name.startsWith(KEPT));
      } catch {
        return [];
      }
    },
  };

  /** What the server holds as far as this page knows: set on load and by each autosave. */
  const saved = new WeakMap();
  const leaving = new WeakSet();
  let forgetting = false; // Logging out leaves nothing behind on a shared machine.

  // A form that came back with errors (data-bound) shows what the server did not take.
  const isChanged = (form) =>
    saved.has(form) && ("bound" in form.dataset || !same(saved.get(form), snapshot(form)));

  function keep(form, submitted = false) {
    if (!("keep" in form.dataset) || forgetting) return;
    if (leaving.has(form) && !submitted) return; // A late timer must not undo the mark "submitted".
    if (!isChanged(form)) {
      kept.drop(kept.name(form));
      return;
    }
    kept.write(kept.name(form), {
      version: versionOf(form),
      at: Date.now(),
      submitted,
      values: snapshot(form),
    });
  }

  const versionOf = (form) => form.dataset.version || "";

  function setVersion(form, version) {
    form.dataset.version = version;
    form.elements.version.value = version;
  }

  /** Whether the server sets a text of an older version against the stored one when it is sent. */
  const canCompare = (form) =>
    Boolean(form.elements.version) && !("autosave" in form.dataset) && !("bound" in form.dataset);

  function offerRestored(form, entry) {
    const banner = make("div", "alert alert-info kept-banner");
    banner.setAttribute("role", "status");
    const when = new Date(entry.at);
    const stored = versionOf(form);
    const isOlder = entry.version !== stored;
    const then = isOlder
      ? "Từ lúc đó đã có người lưu bản khác: hãy bấm lưu để đối chiếu hai bản."
      : "Hãy kiểm tra rồi lưu lại.";
    const text = `Đã khôi phục nội dung chưa lưu (gõ lúc ${clock(when)}). ${then}`;
    if (isOlder) setVersion(form, entry.version);
    const discard = make("button", "btn btn-sm", "Bỏ nội dung này");
    discard.type = "button";
    discard.addEventListener("click", () => {
      fill(form, saved.get(form));
      if (isOlder) setVersion(form, stored);
      kept.drop(kept.name(form));
      banner.remove();
    });
    banner.append(make("span", "", text), discard);
    const folded = form.closest("details");
    if (folded) folded.open = true;
    form.prepend(banner);
  }

  /** A text that was sent is dropped once the server shows that it has it. */
  function settleKept() {
    const forms = new Map(
      [...document.querySelectorAll("form[data-keep]")].map((form) => [kept.name(form), form]),
    );
    const success = document.querySelector('[data-message="success"]') !== null;
    for (const name of kept.names()) {
      const entry = kept.read(name);
      const form = forms.get(name);
      if (!entry || (user && !name.startsWith(`${KEPT}${user}:`))) {
        kept.drop(name); // Another person works here now.
      } else if (entry.submitted && success && !page) {
        kept.drop(name);
      } else if (form && entry.version !== versionOf(form) && !canCompare(form)) {
        kept.drop(name);
      } else if (entry.submitted) {
        kept.write(name, { ...entry, submitted: false });
      }
    }
    for (const [name, form] of forms) {
      const entry = kept.read(name);
      if (entry && fill(form, entry.values)) offerRestored(form, entry);
    }
  }

  for (const form of document.querySelectorAll("form[data-keep], form[data-unsaved], form[data-autosave]")) {
    saved.set(form, snapshot(form));
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(form), 250);
    });
  }

  if (page === "logged-out") kept.names().forEach(kept.drop);
  settleKept();

  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
  });

  window.addEventListener("beforeunload", (event) => {
    const forms = [...document.querySelectorAll("form[data-unsaved]")];
    if (forms.some((form) => !leaving.has(form) && isChanged(form))) event.preventDefault();
  });

  // --- Sending a form once ----------------------------------------------------------------------

  const UNLOCK_AFTER = 20000;

  function setBusy(form, busy) {
    form.toggleAttribute("data-busy", busy);
    for (const element of form.elements) {
      if (element.type !== "submit") continue;
      element.classList.toggle("is-busy", busy);
      if (busy) element.setAttribute("aria-disabled", "true");
      else element.removeAttribute("aria-disabled");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (event.submitter?.formTarget === "_blank") return; // The answer opens beside; this page stays.
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      return;
    }
    if (saving.has(form)) {
      // The autosave under way moves the version on: sending now would look like a second author.
      event.preventDefault();
      waiting.set(form, event.submitter);
      return;
    }
    if ("logout" in form.dataset) {
      forgetting = true;
      kept.names().forEach(kept.drop);
    }
    keep(form, true);
    // Leaving is no loss: the changes of this form are on their way, those of the others are kept.
    leaving.add(form);
    if ("noLock" in form.dataset) return;
    setBusy(form, true);
    setTimeout(() => release(form), UNLOCK_AFTER);
  });

  function release(form) {
    setBusy(form, false);
    leaving.delete(form);
    forgetting = false;
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[aria-disabled="true"]');
    if (button) event.preventDefault();
  });

  // --- Files too large --------------------------------------------------------------------------

  const megabytes = (bytes) =>
    `${(bytes / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const limit = Number((input.closest("[data-max-bytes]") || input).dataset.maxBytes || 0);
    const large = limit && [...input.files].find((file) => file.size > limit);
    const id = `${input.id || input.name}-too-large`;
    document.getElementById(id)?.remove();
    input.classList.toggle("is-invalid", Boolean(large));
    input.setCustomValidity("");
    if (!large) return;
    const text = `Tệp “${large.name}” nặng ${megabytes(large.size)}, quá mức cho phép ${megabytes(limit)}. Hãy chọn tệp nhỏ hơn.`;
    input.setCustomValidity(text);
    const message = make("div", "invalid-feedback d-block", text);
    message.id = id;
    message.setAttribute("role", "alert");
    input.after(message);
  });

  // The browser speaks the language of the machine, not of the page.
  document.addEventListener(
    "invalid",
    (event) => {
      const { validity } = event.target;
      if (validity.customError) return;
      event.target.setCustomValidity(
        validity.valueMissing ? "Hãy điền hoặc chọn ô này." : "Nội dung ô này chưa đúng mẫu.",
      );
    },
    true,
  );

  for (const kind of ["input", "change"]) {
    document.addEventListener(
      kind,
      ({ target }) => {
        if (target.type !== "file") target.setCustomValidity?.("");
      },
      true,
    );
  }

  // A form with novalidate leaves the checks to the server, except for a file that is too large.
  document.addEventListener(
    "submit",
    (event) => {
      for (const input of event.target.querySelectorAll('input[type="file"]')) {
        if (!input.validity.customError) continue;
        event.preventDefault();
        event.stopPropagation();
        input.focus();
        return;
      }
    },
    true,
  );

  // --- Autosave ---------------------------------------------------------------------------------

  const saving = new Map();
  const waiting = new Map();

  const FAILED = {
    0: "Chưa lưu được: không liên lạc được với máy chủ. Nội dung vẫn được giữ trên trang này.",
    400: "Chưa lưu được: nội dung gửi đi quá dài.",
    401: "Chưa lưu được: phiên làm việc đã hết hạn.",
    403: "Chưa lưu được: trang đã hết hiệu lực, hãy tải lại trang.",
    404: "Chưa lưu được: nội dung này không còn sửa được.",
    409: "Chưa lưu: người khác vừa sửa nội dung này. Hãy bấm lưu để xem hai bản.",
    413: "Chưa lưu được: nội dung gửi đi quá dài.",
    422: "Chưa lưu: có ô quá dài hoặc chưa hợp lệ. Hãy bấm lưu để xem lỗi ở từng ô.",
  };

  function say(form, text, tone) {
    const status = form.querySelector("[data-autosave-status]");
    if (!status || status.textContent === text) return;
    status.textContent = text;
    status.dataset.tone = tone;
  }

  const UNSAVED = "Có thay đổi chưa lưu.";

  const autosaved = (event) => {
    const form = event.detail.elt;
    return form instanceof HTMLFormElement && "autosave" in form.dataset ? form : null;
  };

  body.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !("autosave" in form.dataset) || saving.has(form) || !isChanged(form)) return;
    if (form.querySelector("[data-autosave-status]")?.dataset.tone !== "bad") say(form, UNSAVED, "");
  });

  body.addEventListener("htmx:validation:halted", (event) => {
    const form = autosaved(event);
    if (form) say(form, FAILED[422], "bad");
  });

  body.addEventListener("htmx:beforeRequest", (event) => {
    const form = autosaved(event);
    if (!form) return;
    if (leaving.has(form) || !isChanged(form)) {
      event.preventDefault();
      return;
    }
    saving.set(form, snapshot(form));
    say(form, "Đang lưu…", "");
  });

  body.addEventListener("htmx:afterRequest", (event) => {
    const form = autosaved(event);
    if (!form || !saving.has(form)) return;
    const values = saving.get(form);
    const { xhr } = event.detail;
    saving.delete(form);
    if (isLoginAnswer(xhr)) {
      say(form, FAILED[401], "bad");
    } else if (event.detail.successful) {
      saved.set(form, values);
      delete form.dataset.bound;
      const version = xhr.getResponseHeader("X-Version");
      if (version !== null) {
        form.dataset.version = version;
        if (form.elements.version) form.elements.version.value = version;
      }
      keep(form);
      say(form, isChanged(form) ? UNSAVED : `Đã lưu lúc ${clock(new Date())}.`, "");
    } else {
      const text = FAILED[xhr.status] || "Chưa lưu được: máy chủ gặp lỗi. Nội dung vẫn được giữ trên trang này.";
      say(form, text, "bad");
    }
    if (!waiting.has(form)) return;
    const submitter = waiting.get(form);
    waiting.delete(form);
    form.requestSubmit(submitter);
  });

  // --- An expired session -----------------------------------------------------------------------

  const pathOf = (url) => new URL(url, location.href).pathname;

  /** Whether the server asked for a login instead of answering. */
  function isLoginAnswer(xhr) {
    if (xhr.status === 401) return true;
    if (!loginUrl || page === "login") return false;
    const redirect = xhr.getResponseHeader("HX-Redirect");
    if (redirect) return pathOf(redirect) === pathOf(loginUrl);
    return Boolean(xhr.responseURL) && pathOf(xhr.responseURL) === pathOf(loginUrl);
  }

  function askForLogin() {
    if (document.getElementById("session-over")) return;
    document.querySelectorAll("form[data-keep]").forEach((form) => keep(form));
    const banner = make("div", "alert alert-warning session-over");
    banner.id = "session-over";
    banner.setAttribute("role", "alert");
    const link = make("a", "btn btn-sm btn-primary", "Đăng nhập lại");
    link.href = `${loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.addEventListener("click", () => {
      document.querySelectorAll("form[data-keep]").forEach((form) => {
        keep(form);
        leaving.add(form);
      });
    });
    const text = "Phiên làm việc đã hết hạn. Nội dung của bạn được giữ lại.";
    banner.append(make("span", "", text), link);
    body.append(banner);
  }

  body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isLoginAnswer(event.detail.xhr)) return;
    event.preventDefault();
    askForLogin();
  });
})();
