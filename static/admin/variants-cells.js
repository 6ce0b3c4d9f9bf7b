/*
 * The cells of the variants' table as a spreadsheet: moving by keys, marking, filling down, pasting. Knows nothing of
 * saving; whoever uses it says how a cell is written (variants.js).
 */
(() => {
  const CELL = ":is(input:not([type=hidden]), select)";

  function cellOf(input) {
    return input?.closest("td[data-name]");
  }

  function textOf(input) {
    if (input.type === "checkbox") return input.checked ? "yes" : "no";
    if (input.tagName === "SELECT") return input.selectedOptions[0]?.textContent.trim() ?? "";
    return input.value;
  }

  // What a text from elsewhere means for this input; null where it means nothing.
  function valueFor(input, text) {
    const trimmed = text.trim();
    if (input.type === "checkbox") {
      if (/^(yes|y|true|1|on|x|✓)$/i.test(trimmed)) return true;
      return /^(no|n|false|0|off|)$/i.test(trimmed) ? false : null;
    }
    if (input.tagName === "SELECT") {
      const found = [...input.options].find((option) => option.value === trimmed || option.textContent.trim().toLowerCase() === trimmed.toLowerCase());
      return found ? found.value : null;
    }
    return trimmed;
  }

  // Rows and cells of a clipboard's text; a spreadsheet quotes cells that hold line breaks or tabs.
  function parse(text) {
    const rows = [[]];
    let cell = "", quoted = false;
    const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let i = 0; i < body.length; i += 1) {
      const char = body[i];
      if (quoted) {
        if (char === '"' && body[i + 1] === '"') { cell += '"'; i += 1; }
        else if (char === '"') quoted = false;
        else cell += char;
      } else if (char === '"' && cell === "") quoted = true;
      else if (char === "\t") { rows.at(-1).push(cell); cell = ""; }
      else if (char === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
      else cell += char;
    }
    rows.at(-1).push(cell);
    return rows;
  }

  class Cells {
    /* table(): the table that is shown. write(input, value): put a value into a shown cell. beyond(name, after, values):
       write values into rows of further pages. say(text): tell the person. */
    constructor(root, { table, write, beyond, say }) {
      Object.assign(this, { root, table, write, beyond, say });
      this.marked = [];
      this.last = null;
      this.before = "";
      root.addEventListener("focusin", (event) => this.entered(event.target));
      root.addEventListener("keydown", (event) => this.pressed(event));
      root.addEventListener("paste", (event) => this.pasted(event));
      root.addEventListener("copy", (event) => this.copied(event));
    }

    rows() {
      return [...this.table().querySelectorAll("tbody tr[data-variants-row]")].filter((row) => row.offsetParent);
    }

    inputIn(row, name) {
      return row?.querySelector(`td[data-name="${CSS.escape(name)}"] ${CELL}`) ?? null;
    }

    names() {
      return [...this.table().querySelectorAll("thead th[data-name]")].filter((head) => head.offsetParent).map((head) => head.dataset.name);
    }

    entered(input) {
      if (!cellOf(input) || !input.matches(CELL)) return;
      if (!this.marked.includes(input)) this.mark([]);
      this.last = input;
      this.before = input.type === "checkbox" ? input.checked : input.value;
      if (input.select && input.type !== "checkbox") input.select();
    }

    mark(inputs) {
      for (const input of this.marked) input.classList.remove("is-marked");
      this.marked = inputs;
      for (const input of inputs) input.classList.add("is-marked");
    }

    // Whether an arrow to the side leaves the cell: everything is marked, or the caret stands at that end.
    atEdge(input, side) {
      if (input.tagName === "SELECT" || input.type === "checkbox") return true;
      let start, end;
      try { [start, end] = [input.selectionStart, input.selectionEnd]; } catch { return true; }
      if (start === null) return true;
      if (start === 0 && end === input.value.length) return true;
      return start === end && start === (side < 0 ? 0 : input.value.length);
    }

    sideways(input, side) {
      const name = cellOf(input).dataset.name, row = input.closest("tr"), names = this.names();
      for (let i = names.indexOf(name) + side; i >= 0 && i < names.length; i += side) {
        const next = this.inputIn(row, names[i]);
        if (next) return next;
      }
      return null;
    }

    upwards(input, step) {
      const rows = this.rows(), name = cellOf(input).dataset.name;
      for (let i = rows.indexOf(input.closest("tr")) + step; i >= 0 && i < rows.length; i += step) {
        const next = this.inputIn(rows[i], name);
        if (next) return next;
      }
      return null;
    }

    pressed(event) {
      const input = event.target;
      if (!cellOf(input) || !input.matches(CELL)) return;
      const { key, shiftKey, altKey } = event, command = event.ctrlKey || event.metaKey;
      if (command && key.toLowerCase() === "d") {
        event.preventDefault();
        this.fillMarked(input);
      } else if (command || altKey) {
        return;
      } else if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        const step = key === "ArrowDown" ? 1 : -1;
        if (shiftKey) this.extend(step);
        else this.upwards(input, step)?.focus();
      } else if (key === "ArrowLeft" || key === "ArrowRight") {
        const side = key === "ArrowRight" ? 1 : -1;
        if (shiftKey || !this.atEdge(input, side)) return;
        event.preventDefault();
        this.sideways(input, side)?.focus();
      } else if (key === "Enter") {
        event.preventDefault();
        this.upwards(input, shiftKey ? -1 : 1)?.focus();
      } else if (key === "Escape") {
        // First takes back what was typed; with nothing typed, it belongs to whatever is around the table.
        const now = input.type === "checkbox" ? input.checked : input.value;
        if (this.marked.length || now !== this.before) {
          event.preventDefault();
          event.stopPropagation();
        }
        this.mark([]);
        if (now !== this.before) this.write(input, this.before);
        if (input.select && input.type !== "checkbox") input.select();
      } else return;
      event.stopPropagation();
    }

    // Marks the cells between the first that was marked and one further.
    extend(step) {
      const marked = this.marked.length ? this.marked : [this.last];
      const end = this.upwards(marked.at(-1), step);
      if (!end) return;
      this.mark(marked.length > 1 && marked.at(-2) === end ? marked.slice(0, -1) : [...marked, end]);
      end.scrollIntoView({ block: "nearest" });
    }

    fillMarked(input) {
      const cells = this.marked.length > 1 ? this.rows().map((row) => this.inputIn(row, cellOf(input).dataset.name)).filter((each) => this.marked.includes(each)) : [this.upwards(input, -1), input];
      if (!cells[0]) return;
      this.put(cells.slice(1), textOf(cells[0]));
    }

    put(inputs, text) {
      let refused = 0;
      for (const input of inputs) {
        const value = valueFor(input, text);
        if (value === null) refused += 1;
        else this.write(input, value);
      }
      if (refused) this.say(`${refused} cells cannot hold “${text}”.`);
    }

    // Into every row below, on this page and on those that follow.
    async fillDown() {
      const input = this.last?.isConnected ? this.last : null;
      if (!input) return this.say("First go into the cell whose value the rows below should get.");
      const name = cellOf(input).dataset.name, rows = this.rows(), text = textOf(input);
      const below = rows.slice(rows.indexOf(input.closest("tr")) + 1).map((row) => this.inputIn(row, name)).filter(Boolean);
      this.put(below, text);
      const value = valueFor(input, text);
      const more = await this.beyond({ [name]: () => value });
      return this.say(`Filled ${below.length + more} rows. Not saved yet.`);
    }

    async pasted(event) {
      const input = event.target, cell = cellOf(input);
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!cell || !/[\t\n]/.test(text.replace(/\n$/, "").replace(/\r$/, ""))) return;
      event.preventDefault();
      event.stopPropagation();
      const block = parse(text), names = this.names(), rows = this.rows();
      const from = names.indexOf(cell.dataset.name), top = rows.indexOf(input.closest("tr"));
      const touched = [];
      let refused = 0, outside = 0;
      block.forEach((line, down) => line.forEach((value, across) => {
        const target = rows[top + down] && this.inputIn(rows[top + down], names[from + across] ?? "");
        if (!rows[top + down]) return;
        const meant = target ? valueFor(target, value) : null;
        if (meant === null) refused += 1;
        else { this.write(target, meant); touched.push(target); }
      }));
      const left = block.slice(rows.length - top);
      if (left.length) {
        const columns = {};
        left[0].forEach((_, across) => {
          const name = names[from + across];
          const pattern = name && this.inputIn(rows.at(-1), name);
          if (pattern) columns[name] = (index) => (index < left.length ? valueFor(pattern, left[index][across] ?? "") : undefined);
        });
        const more = await this.beyond(columns);
        outside = Math.max(left.length - more, 0);
      }
      this.mark(touched);
      const notes = [`Pasted ${block.length - outside} rows. Not saved yet.`];
      if (refused) notes.push(`${refused} cells were left out: they cannot be changed or do not take that value.`);
      if (outside) notes.push(`${outside} rows of the clipboard found no row here.`);
      this.say(notes.join(" "));
    }

    copied(event) {
      if (this.marked.length < 2) return;
      event.preventDefault();
      const marked = this.rows().flatMap((row) => [...row.querySelectorAll(CELL)]).filter((each) => this.marked.includes(each));
      event.clipboardData.setData("text/plain", marked.map(textOf).join("\n"));
    }
  }

  window.VariantCells = Cells;
})();
