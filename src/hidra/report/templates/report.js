"use strict";
(function () {
  const hidra = JSON.parse(document.getElementById("hidra-data").textContent);
  const views = new Map(); // chart element -> Vega view
  window.hidraViews = views; // so that tests and the curious can read what is drawn

  // Vega changes the rows it is given: every chart gets fresh ones, the stored data stays as it was.
  function rows(name) {
    const { columns, rows } = hidra.datasets[name];
    return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  }

  function datasets(spec, found = {}) {
    if (Array.isArray(spec)) spec.forEach((part) => datasets(part, found));
    else if (spec && typeof spec === "object") {
      const name = spec.data && spec.data.name;
      if (name && hidra.datasets[name] && !found[name]) found[name] = rows(name);
      Object.values(spec).forEach((part) => datasets(part, found));
    }
    return found;
  }

  // Fit a chart to the width at hand: panels change their number, everything else its width.
  function fitted(spec, layout, width, chosen) {
    if (layout.kind === "panels") {
      const gap = 18, axis = 36, own = chosen.scale === "independent";
      const room = (n) => (width - 14 - (own ? n * axis : axis) - (n - 1) * gap) / n;
      let n = layout.most;
      while (n > 1 && room(n) < layout.smallest) n -= 1;
      spec.columns = n;
      spec.spec.width = Math.floor(room(n));
      spec.spec.height = Math.round(Math.min(spec.spec.width, 260) * layout.ratio);
      if (chosen.order) spec.facet.sort = layout.orders[chosen.order];
      if (chosen.scale) spec.resolve = { scale: { y: chosen.scale } };
      return spec;
    }
    if (layout.kind === "inset" || layout.kind === "keyed") return side(spec, layout, width);
    spec.width = width;
    if (layout.kind === "tiles") spec.height = width < 520 ? Math.round(width * layout.phone) + layout.key : Math.round(width * layout.ratio);
    spec.autosize = { type: "fit-x", contains: "padding" };
    if (layout.kind === "map") spec.height = Math.round(width * layout.ratio);
    else if (layout.kind === "plain" && width < 520) spec.height = Math.min(spec.height, 300);
    return spec;
  }

  // A map with a second view beside it: the centre again, or the key; on a phone it goes below.
  function side(spec, layout, width) {
    const [first, second] = spec.hconcat, narrow = width < 520;
    const room = narrow || layout.kind === "inset" ? width - 14 : width - layout.key - 14;
    first.width = room;
    first.height = Math.round(room * layout.ratio);
    if (layout.kind === "inset") {
      second.width = second.height = Math.round(room * (narrow ? 0.6 : layout.inset));
      spec.spacing = narrow ? 8 : -second.width;
    }
    if (narrow) { spec.vconcat = spec.hconcat; delete spec.hconcat; }
    return spec;
  }

  // What the reader chose on a chart that is drawn again, after a resize for instance.
  function chosenIn(view, spec) {
    const bound = (spec.params || []).filter((param) => param.bind);
    return Object.fromEntries(bound.map((param) => [param.name, view.signal(param.name)]));
  }

  async function draw(element) {
    const language = element.closest(".page").lang;
    // A folded chart has no width yet: it will have that of its section.
    const width = Math.floor(element.clientWidth || element.closest("section").clientWidth);
    if (!width || element.dataset.width === String(width)) return;
    element.dataset.width = width;
    const chosen = {};
    element.closest("figure").querySelectorAll("[data-control]").forEach((select) => {
      chosen[select.dataset.control] = select.value;
    });
    const layout = JSON.parse(element.dataset.layout);
    const spec = fitted(structuredClone(hidra.specs[language][element.dataset.chart]), layout, width, chosen);
    spec.datasets = datasets(spec);
    const kept = views.has(element) ? chosenIn(views.get(element), spec) : {};
    if (views.has(element)) views.get(element).finalize();
    const result = await vegaEmbed(element, spec, {
      actions: false, ast: true, renderer: "svg", defaultStyle: false, config: hidra.config[language],
      tooltip: { disableDefaultStyle: true },
    });
    views.set(element, result.view);
    for (const name of Object.keys(kept)) result.view.signal(name, kept[name]);
    await result.view.runAsync();
    element.classList.add("drawn");
    const svg = element.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", element.dataset.label);
  }

  // Charts are drawn one after the other from the start, folded ones too: they may be printed. Those
  // in sight come first, so that the page stays quick.
  let queue = Promise.resolve();
  function later(element) {
    queue = queue.then(() => draw(element)).catch((error) => console.error(error));
    return queue;
  }
  const idle = window.requestIdleCallback || ((work) => setTimeout(work, 60));
  const sight = new IntersectionObserver((seen) => {
    seen.filter((one) => one.isIntersecting).forEach((one) => later(one.target));
  }, { rootMargin: "300px" });

  function shown() { return document.querySelector(".page:not([hidden])"); }
  function drawAll() {
    shown().querySelectorAll(".chart").forEach((element) => { sight.observe(element); idle(() => later(element)); });
  }

  // The language lives in the fragment: #en, or #en-map for a section.
  function turn() {
    const wanted = location.hash.slice(1, 3) === "en" ? "en" : "es";
    document.querySelectorAll(".page").forEach((page) => { page.hidden = page.lang !== wanted; });
    document.documentElement.lang = wanted;
    document.title = shown().dataset.title;
    const target = location.hash.length > 4 && document.getElementById(location.hash.slice(1));
    drawAll();
    for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
    if (target) arrive(target);
  }
  window.addEventListener("hashchange", turn);

  // Charts above the target grow when drawn: go there again afterwards, unless the reader has moved on.
  function arrive(target) {
    let moved = false;
    const move = () => { moved = true; };
    const signs = ["wheel", "touchmove", "keydown", "mousedown"];
    signs.forEach((sign) => window.addEventListener(sign, move, { once: true }));
    target.scrollIntoView();
    const charts = [...shown().querySelectorAll(".chart")];
    Promise.all(charts.map(later)).then(() => { if (!moved) target.scrollIntoView(); });
  }

  function current() {
    const passed = [...shown().querySelectorAll("section")].filter((s) => s.getBoundingClientRect().top < 160);
    return passed.length ? passed[passed.length - 1].id.slice(2) : "";
  }

  function text(value, column, codes) {
    if (typeof value === "string" && value in codes) return codes[value];
    if (value === null || value === undefined) return "–";
    if (typeof value !== "number" || column === "year") return String(value);
    const small = value !== 0 && Math.abs(value) < 0.01;
    return value.toLocaleString("en-US", small ? { maximumSignificantDigits: 7 } : { maximumFractionDigits: 4 });
  }

  function fill(details) {
    const box = details.querySelector(".scroll");
    if (box.firstChild) return;
    const columns = JSON.parse(details.dataset.columns), codes = JSON.parse(details.dataset.codes);
    const table = document.createElement("table");
    table.createCaption().textContent = details.closest("figure").querySelector("h3").textContent;
    const head = table.createTHead().insertRow();
    for (const label of Object.values(columns)) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = label;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of rows(details.dataset.data)) {
      const line = body.insertRow();
      for (const column of Object.keys(columns)) {
        const cell = line.insertCell();
        cell.textContent = text(row[column], column, codes);
        if (typeof row[column] === "number") cell.className = "number";
      }
    }
    box.append(table);
  }

  function csv(name) {
    const { columns, rows } = hidra.datasets[name];
    const quoted = (value) => {
      const plain = value === null || value === undefined ? "" : String(value);
      return /[",\n]/.test(plain) ? '"' + plain.replaceAll('"', '""') + '"' : plain;
    };
    return [columns, ...rows].map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  }

  function save(button) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\uFEFF", csv(button.dataset.data)], { type: "text/csv" }));
    link.download = button.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 4000);
  }

  // A picture of the chart as it stands, with what the reader has chosen on it.
  async function picture(button) {
    const element = button.closest("figure").querySelector(".chart");
    await later(element);
    const link = document.createElement("a");
    link.href = await views.get(element).toImageURL(button.dataset.picture, button.dataset.picture === "png" ? 2 : 1);
    link.download = `${button.dataset.name}.${button.dataset.picture}`;
    link.click();
  }

  // Paper shows what the screen shows, and always what a run is cited by.
  const folds = (within) => [...within.querySelectorAll("details:not(.twin)")];
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(".cover .fold:not([open])")];
    closed.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => { closed.forEach((one) => { one.open = false; }); });
  // Whoever prints the page by program waits for this; `whole` opens every part before.
  window.hidraDrawn = (whole) => {
    if (whole) folds(shown()).forEach((one) => { one.open = true; });
    return Promise.all([...shown().querySelectorAll(".chart")].map(later)).then(() => {});
  };

  function foldAll(button) {
    const open = button.getAttribute("aria-pressed") !== "true", said = button.textContent;
    folds(shown()).forEach((one) => { one.open = open; });
    button.setAttribute("aria-pressed", open);
    button.textContent = button.dataset.fold;
    button.dataset.fold = said;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.fold) foldAll(button);
    if (button.dataset.print) hidraDrawn().then(() => print());
    if (button.dataset.picture) picture(button);
    if (button.dataset.to) location.hash = button.dataset.to + current();
    if (button.dataset.file) save(button);
  });
  document.querySelectorAll(".fold").forEach((fold) => {
    fold.addEventListener("toggle", () => { if (fold.open) fold.querySelectorAll(".chart").forEach(later); });
  });
  document.querySelectorAll(".twin").forEach((twin) => {
    twin.addEventListener("toggle", () => { if (twin.open) fill(twin); });
  });
  document.querySelectorAll("[data-control]").forEach((select) => {
    select.addEventListener("change", () => {
      const element = select.closest("figure").querySelector(".chart");
      delete element.dataset.width;
      later(element);
    });
  });
  let waiting;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 200); });
  turn();
})();
