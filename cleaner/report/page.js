// Search, filters and sorting; without it the page says all the same.
"use strict";
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rows = all("[data-row]").map((element) => ({ element, text: element.textContent.toLowerCase() }));
  const filters = all("select[data-filter]");
  const search = document.getElementById("search");
  const found = document.getElementById("found");

  function narrow() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = new Map(filters.map((f) => [f.dataset.filter, f.value]));
    let shown = 0;
    for (const { element, text } of rows) {
      const kind = chosen.get(element.dataset.of) || "";
      const match = words.every((word) => text.includes(word)) && (!kind || kind === element.dataset.kind);
      element.hidden = !match;
      shown += match;
    }
    for (const note of all("[data-nothing]")) {
      const own = all("[data-row]", note.parentElement);
      note.hidden = own.length === 0 || own.some((row) => !row.hidden);
    }
    const narrowed = words.length > 0 || [...chosen.values()].some(Boolean);
    found.textContent = narrowed ? `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")}` : "";
  }

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.n === undefined ? cell.textContent.toLowerCase() : Number(cell.dataset.n);
  }

  function sort(table, head, column) {
    const body = table.tBodies[0];
    const numeric = head.classList.contains("n");
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : numeric;
    const sign = down ? -1 : 1;
    const order = [...body.rows].map((row) => [key(row, column), row]);
    order.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0));
    body.append(...order.map(([, row]) => row));
    for (const other of all("[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  for (const table of all("table")) {
    all("thead th", table).forEach((head, column) => {
      if (!head.textContent) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(table, head, column));
      head.replaceChildren(button);
    });
  }

  search.addEventListener("input", narrow);
  for (const filter of filters) filter.addEventListener("change", narrow);
  for (const element of all("[data-script]")) element.hidden = false;
  narrow();

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      narrow();
    }
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
}
