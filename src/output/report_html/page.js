"use strict";
// Search and order, where a table has enough rows for it. Without this script the page
// says the same.
for (const table of document.querySelectorAll("table[data-by]")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  if (!body || body.rows.length < 2) continue;
  const value = (row, n) => {
    const cell = row.cells[n];
    const text = cell.dataset.v ?? cell.textContent.trim();
    return { text, number: text === "" ? NaN : Number(text) };
  };
  const compare = (n, sign) => (a, b) => {
    const x = value(a, n), y = value(b, n);
    const numbers = !Number.isNaN(x.number) && !Number.isNaN(y.number);
    return sign * (numbers ? x.number - y.number : x.text.localeCompare(y.text));
  };
  heads.forEach((head, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...[...body.rows].sort(compare(n, down ? -1 : 1)));
    });
  });
  if (body.rows.length < 8) continue;
  const find = document.createElement("input");
  find.type = "search";
  find.className = "find";
  find.placeholder = "Search";
  find.setAttribute("aria-label", "Search in this table");
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
  (table.closest(".scroll") ?? table).before(find);
}
