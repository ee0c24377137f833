"use strict";
// Tables that sort, tables behind charts.
(function () {
  const all = (pick, within) => [...(within || document).querySelectorAll(pick)];
  const made = (tag, text, more) => Object.assign(document.createElement(tag), { textContent: text ?? "" }, more);

  function written(value, column, codes) {
    if (typeof value === "string" && value in codes) return codes[value];
    if (value === null || value === undefined) return "–";
    if (typeof value !== "number" || column === "year") return String(value);
    const small = value !== 0 && Math.abs(value) < 0.01;
    return value.toLocaleString("en-US", small ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 3 });
  }

  // The table behind a chart, fetched when opened.
  async function fill(details) {
    if (!details.open || details.dataset.done) return;
    details.dataset.done = "1";
    const room = details.querySelector(".scroll");
    room.replaceChildren(made("p", details.dataset.says));
    const told = await (await fetch(details.dataset.rows)).json();
    const names = Object.keys(told.heads).filter((name) => told.columns.includes(name));
    const table = made("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    table.createCaption().textContent = told.title;
    names.forEach((name) => head.append(made("th", told.heads[name], { scope: "col" })));
    const at = names.map((name) => told.columns.indexOf(name));
    told.rows.forEach((row) => {
      const line = body.insertRow();
      at.forEach((place, number) => {
        const cell = line.insertCell(), value = row[place];
        cell.textContent = written(value, names[number], told.codes);
        if (typeof value === "number") cell.className = "number";
      });
    });
    room.replaceChildren(table);
    details.dispatchEvent(new CustomEvent("filled"));
  }
  all("details.twin").forEach((one) => one.addEventListener("toggle", () => fill(one)));

  // The head of a column is a button.
  function key(row, column) {
    const cell = row.cells[column], text = cell.dataset.key || cell.textContent.trim();
    const number = Number(text.replace(/[,\s%]/g, "").replace("−", "-"));
    return text === "–" ? null : Number.isFinite(number) ? number : text;
  }
  function order(table, column, button) {
    const head = button.closest("th"), up = head.getAttribute("aria-sort") !== "ascending";
    all("th", table).forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map((row) => [key(row, column), row]);
    rows.sort(([a], [b]) => a === null ? 1 : b === null ? -1
      : (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b))) * (up ? 1 : -1));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }
  function sortable(table) {
    all("thead th", table).forEach((head, column) => {
      const button = made("button", head.textContent, { type: "button" });
      button.addEventListener("click", () => order(table, column, button));
      head.replaceChildren(button);
    });
  }
  all("table.sortable").forEach(sortable);
  window.hidra = { all, made, written };

  const to = navigator, told = () => document.querySelector(".checked").innerText;
  const hand = [() => print(), () => to.clipboard.writeText(told()), to.share && (() => to.share({ text: told() }))];
  all("[data-do]").forEach((one, at) => {
    one.onclick = hand[at];
    one.hidden = !hand[at];
  });
})();
