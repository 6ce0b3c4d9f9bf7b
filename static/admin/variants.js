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

  function valueOf(input) {
    return input.type === "checkbox" ? input.checked : input.value;
  }

  // Beside each input stands what was on the screen when the table was made.
  function isChanged(input) {
    const seen = input.nextElementSibling;
    if (!seen || seen.type !== "hidden") return false;
    if (input.type === "checkbox") return input.checked !== (seen.value === "True");
    return input.value.trim() !== seen.value;
  }

  // A field of a variant that is stored, as opposed to new ones, names of options and what stands below the table.
  const STORED = /^v\d+-/;

  function setUp(root) {
    const form = ensureForm(root.dataset.url);
    // Changed cells by name, those of other pages too: { value, seen }.
    const pending = new Map();
    let loose = false;
    let dirty = false;
    root.classList.add("has-script");
    const cells = new window.VariantCells(root, { table: () => find("table.variants"), write, beyond, say: (text) => say(text) });

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

    function keep(name, value, seen) {
      const same = typeof value === "boolean" ? value === (seen === "True") : value.trim() === seen;
      if (same) pending.delete(name);
      else pending.set(name, { value, seen });
    }

    function check() {
      loose = false;
      for (const input of inputs(root)) {
        const changed = isChanged(input);
        input.classList.toggle("is-changed", changed);
        if (STORED.test(input.name)) keep(input.name, valueOf(input), input.nextElementSibling.value);
        else loose ||= changed;
      }
      setDirty(loose || pending.size > 0);
    }

    function write(input, value) {
      if (input.type === "checkbox") input.checked = value;
      else input.value = value;
      check();
    }

    // What was typed goes with the person through the pages; a refused cell shows what somebody else has stored.
    function restore() {
      for (const input of inputs(root)) {
        const change = pending.get(input.name);
        if (!change) continue;
        if (input.hasAttribute("data-stale")) pending.delete(input.name);
        else if (input.type === "checkbox") input.checked = change.value;
        else input.value = change.value;
      }
    }

    function address(query) {
      return root.dataset.url + query;
    }

    async function get(query) {
      const response = await fetch(address(query), { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.status !== 200 || response.redirected) throw new Error(response.redirected ? "login" : String(response.status));
      return response;
    }

    function swap(html) {
      find("[data-variants-grid]").outerHTML = html;
      restore();
      prepare();
      check();
    }

    async function go(query) {
      if (loose) return say("Save first: new variants, names and reasons cannot come along to other rows.", "error");
      root.setAttribute("aria-busy", "true");
      try {
        swap(await (await get(query)).text());
        if (pending.size) say(`${pending.size} changed cells are not saved yet.`);
      } catch (error) {
        say(`Not shown. ${reason(error)}`, "error");
      } finally {
        root.removeAttribute("aria-busy");
      }
    }

    function chosen(more = []) {
      const fields = [...root.querySelectorAll("[data-variants-filter]")].filter((field) => field.value);
      const query = new URLSearchParams([...fields.map((field) => [field.name, field.value]), ...more]).toString();
      return query ? `?${query}` : "";
    }

    // Rows of further pages: their values come as data, nothing of them is shown. Gives how many rows were written.
    async function beyond(columns) {
      const names = Object.keys(columns), shown = [...root.querySelectorAll("tr[data-variants-row^=v]")].map((row) => row.dataset.variantsRow);
      if (!names.length || Number(find("[data-variants-grid]").dataset.found) <= shown.length) return 0;
      let rows;
      try {
        const query = new URLSearchParams(find("[data-variants-grid]").dataset.query);
        query.delete("page");
        for (const name of names) query.append("cells", name);
        ({ rows } = await (await get(`?${query}`)).json());
      } catch (error) {
        say(`The rows of other pages were left alone. ${reason(error)}`, "error");
        return 0;
      }
      const after = rows.slice(rows.findIndex(([id]) => `v${id}` === shown.at(-1)) + 1);
      let written = 0;
      after.forEach(([id, seen], index) => {
        const values = names.map((name) => columns[name](index));
        if (values.every((value) => value === undefined)) return;
        written += 1;
        values.forEach((value, place) => {
          if (value !== null && value !== undefined) keep(`v${id}-${names[place]}`, value, seen[place]);
        });
      });
      check();
      return written;
    }

    function prepare() {
      for (const button of root.querySelectorAll("[data-variants-add], [data-variants-option], [data-variants-fill]")) button.hidden = false;
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
        // The field itself and what was seen in it, so that an untouched row still counts as untouched.
        for (const input of row.querySelectorAll("input[name$='-position']")) input.value = Number(input.value) + Number(count.value);
        count.value = Number(count.value) + 1;
      }
      [...inputs(row)].find((input) => input.offsetParent && !input.name.endsWith("-position"))?.focus();
    }

    function addOption(button) {
      find(".variants").classList.add("shows-spare");
      button.hidden = true;
      find("th.is-spare input")?.focus();
    }

    function reason(error) {
      const reasons = { 403: "You may not do that any more.", 404: "The product is gone.", login: "Please log in again, in another tab." };
      return reasons[error.message] ?? "The shop did not answer: try again.";
    }

    // Changed cells only: two thousand rows would be more fields than a server reads.
    function body() {
      const data = new FormData();
      for (const [name, value] of new FormData(form)) {
        if (!STORED.test(name.replace(/^initial-/, ""))) data.append(name, value);
      }
      const text = (value) => (typeof value === "boolean" ? (value ? "on" : "") : value);
      data.append("changes", JSON.stringify([...pending].map(([name, { value, seen }]) => [name, text(value), seen])));
      return data;
    }

    async function save() {
      if (root.getAttribute("aria-busy") === "true") return;
      const focused = document.activeElement?.name;
      root.setAttribute("aria-busy", "true");
      say("Saving…");
      try {
        const response = await fetch(address(find("[data-variants-grid]").dataset.query), {
          method: "POST",
          body: body(),
          headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
        });
        if (response.status !== 200 && response.status !== 422) throw new Error(String(response.status));
        if (response.redirected) throw new Error("login");
        if (response.status === 200) pending.clear();
        dirty = false;
        swap(await response.text());
        const wrong = find("[aria-invalid=true]");
        if (wrong) wrong.focus();
        else if (focused) [...inputs(root)].find((input) => input.name === focused)?.focus();
      } catch (error) {
        say(`Not saved. ${reason(error)}`, "error");
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
      if (event.target.closest("[data-variants-fill]")) cells.fillDown();
      const link = event.target.closest("a[data-variants-go]");
      if (link || event.target.closest("[data-variants-find]")) {
        event.preventDefault();
        go(link ? link.dataset.variantsGo : chosen());
      }
      const option = event.target.closest("[data-variants-option]");
      if (option) addOption(option);
    });
    // The page's form must not hear of what happens in here.
    for (const name of ["input", "change", "keyup"]) {
      root.addEventListener(name, (event) => {
        event.stopPropagation();
        if (!event.target.matches("[data-variants-filter]")) check();
        else if (name === "change" && event.target.tagName === "SELECT") go(chosen());
      });
    }
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("[data-variants-filter]")) {
        event.preventDefault();
        event.stopPropagation();
        go(chosen());
      }
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
