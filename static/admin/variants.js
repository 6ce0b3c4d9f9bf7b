/*
 * The variants' table in the admin. Its inputs stand inside the page's form but belong to a form of their own (their
 * "form" attribute), so that neither saving the page nor autosave knows of them. Without this script the table works
 * as a page of its own.
 */
(() => {
  const FORM_ID = "variants-form";

  // A form cannot stand inside another: it goes to the end of the body, and the inputs find it by its id.
  function ensureForm(url) {
    let form = document.getElementById(FORM_ID);
    if (!form) {
      form = document.createElement("form");
      form.id = FORM_ID;
      form.method = "post";
      form.noValidate = true;
      form.hidden = true;
      document.body.append(form);
    }
    form.action = url;
    return form;
  }

  function token() {
    return document.querySelector("input[name=csrfmiddlewaretoken]").value;
  }

  function inputs(root) {
    return root.querySelectorAll(":is(input:not([type=hidden]), select)");
  }

  // Beside each input stands what was on the screen when the table was made.
  function isChanged(input) {
    const seen = input.nextElementSibling;
    if (!seen || seen.type !== "hidden") return false;
    if (input.type === "checkbox") return input.checked !== (seen.value === "True");
    return input.value.trim() !== seen.value;
  }

  function setUp(root) {
    const form = ensureForm(root.dataset.url);
    let dirty = false;
    root.classList.add("has-script");

    const find = (selector) => root.querySelector(selector);

    function say(text, kind = "") {
      const status = find("[data-variants-status]");
      status.textContent = text;
      status.className = `variants-panel__status${kind && ` is-${kind}`}`;
    }

    function setDirty(value) {
      if (value === dirty) return;
      dirty = value;
      // A refusal stays until it is answered.
      if (find("[data-variants-grid]").hasAttribute("data-has-errors")) return;
      if (dirty) say("Not saved yet.");
      else if (find("[data-variants-status]").textContent === "Not saved yet.") say("");
    }

    function check() {
      let any = false;
      for (const input of inputs(root)) {
        const changed = isChanged(input);
        input.classList.toggle("is-changed", changed);
        any ||= changed;
      }
      setDirty(any);
    }

    function prepare() {
      for (const button of root.querySelectorAll("[data-variants-add], [data-variants-option]")) button.hidden = false;
      if (location.pathname === new URL(root.dataset.url, location.href).pathname) find("[data-variants-alone]").hidden = true;
    }

    function addRow() {
      const waiting = find("[data-variants-blank]");
      let row = waiting;
      if (waiting) {
        waiting.removeAttribute("data-variants-blank");
      } else {
        const count = find("input[name=new_rows]");
        const html = find("[data-variants-pattern]").innerHTML.replaceAll("__number__", count.value);
        find("tbody").insertAdjacentHTML("beforeend", html);
        row = find("tbody").lastElementChild;
        row.removeAttribute("data-variants-blank");
        count.value = Number(count.value) + 1;
      }
      [...inputs(row)].find((input) => input.offsetParent && !input.name.endsWith("-position"))?.focus();
    }

    function addOption(button) {
      find(".variants").classList.add("shows-spare");
      button.hidden = true;
      find("th.is-spare input")?.focus();
    }

    async function save() {
      if (root.getAttribute("aria-busy") === "true") return;
      const focused = document.activeElement?.name;
      root.setAttribute("aria-busy", "true");
      say("Saving…");
      try {
        const response = await fetch(root.dataset.url, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
        });
        if (response.status !== 200 && response.status !== 422) throw new Error(String(response.status));
        if (response.redirected) throw new Error("login");
        const html = await response.text();
        find("[data-variants-grid]").outerHTML = html;
        dirty = false;
        prepare();
        check();
        const wrong = find("[aria-invalid=true]");
        if (wrong) wrong.focus();
        else if (focused) [...inputs(root)].find((input) => input.name === focused)?.focus();
      } catch (error) {
        const reasons = { 403: "You may not do that any more.", 404: "The product is gone.", login: "Please log in again, in another tab." };
        say(`Not saved. ${reasons[error.message] ?? "The shop did not answer: try again."}`, "error");
      } finally {
        root.removeAttribute("aria-busy");
      }
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    root.addEventListener("click", (event) => {
      if (event.target.closest("[data-variants-add]")) addRow();
      const option = event.target.closest("[data-variants-option]");
      if (option) addOption(option);
    });
    // The page's form must not hear of what happens in here.
    for (const name of ["input", "change", "keyup"]) {
      root.addEventListener(name, (event) => {
        event.stopPropagation();
        check();
      });
    }
    root.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        form.requestSubmit();
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
    prepare();
    check();
  }

  function start() {
    for (const root of document.querySelectorAll("[data-variants-panel]")) setUp(root);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
