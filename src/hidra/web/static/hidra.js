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
    const number = Number(text.replace(/[,\s%*]/g, "").replace("−", "-"));
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

  // Day and night: the choice of the system until the reader makes one.
  const root = document.documentElement, night = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : night.matches;
  all(".theme").forEach((button) => {
    const say = () => { button.textContent = dark() ? button.dataset.light : button.dataset.dark; };
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept */ }
      say();
    });
    night.addEventListener("change", say);
    say();
    button.hidden = false;
  });

  // Claims with some words in them; topics open while words are sought.
  const seek = document.getElementById("seek"), plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  seek?.addEventListener("input", () => {
    const wanted = plain(seek.value.trim()).split(/\s+/).filter(Boolean), told = document.getElementById("sought");
    let found = 0;
    all("details.topic").forEach((topic) => {
      const lines = all(".claimed-one", topic), fits = lines.filter((one) => wanted.every((word) => plain(one.textContent).includes(word)));
      lines.forEach((one) => { one.hidden = !fits.includes(one); });
      topic.hidden = !fits.length;
      topic.open = wanted.length > 0;
      found += fits.length;
    });
    told.textContent = !wanted.length ? "" : found || told.dataset.none;
  });
  if (seek) seek.closest("p").hidden = false;

  const to = navigator, told = () => document.querySelector(".checked").innerText;
  const hand = [() => print(), () => to.clipboard.writeText(told()), to.share && (() => to.share({ text: told() }))];
  all("[data-do]").forEach((one) => {
    const does = hand[["print", "copy", "share"].indexOf(one.dataset.do)];
    one.onclick = does;
    one.hidden = !does;
  });
})();
