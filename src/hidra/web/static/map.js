"use strict";
// Months change fills; outlines are drawn once.
(async function () {
  const { all } = window.hidra, pick = (id) => document.getElementById(id);
  const figure = pick("chart-map"), said = JSON.parse(pick("map-words").textContent);
  const told = await (await fetch(figure.dataset.atlas)).json();
  const slider = pick("month"), mapped = pick("mapped"), telling = pick("telling");
  const shapes = new Map(all("[data-place]", mapped).map((one) => [one.dataset.place, one]));
  const dots = new Map(all("[data-dot]", mapped).map((one) => [one.dataset.dot, one]));
  const drawn = told.places.map((code) => [shapes.get(code), dots.get(code)]);
  const lines = new Map(all("#map-table tbody tr").map((row) => [row.dataset.place, row]));
  const names = new Map([...lines].map(([code, row]) => [code, row.cells[0].textContent]));
  const fills = Object.fromEntries(all(".key li").map((one) => [one.dataset.class, one.querySelector("[fill]").getAttribute("fill")]));
  const place = new Map(told.places.map((code, at) => [code, at]));
  const first = shapes.keys().next().value;
  let at = Number(slider.value), here = null;

  const classOf = (kind, rate) => /^(zero|few|no_report)$/.test(kind) ? kind : `${told.limits.filter((limit) => rate >= limit).length}`;
  const classes = told.kind.map((row, month) => row.map((kind, one) => classOf(told.kinds[kind], told.rate[month][one])));
  const open = (kind) => told.kinds[kind] === "provisional" || told.kinds[kind] === "undercount";
  const number = (value, digits) => value === null ? "–" : digits ? value.toFixed(digits) : value.toLocaleString("en-US");
  const words = (month) => `${said.months[month.slice(5) - 1]} ${month.slice(0, 4)}`;

  function tell(code) {
    const one = place.get(code), name = names.get(code) || code;
    if (one === undefined) return;
    const kind = told.kinds[told.kind[at][one]], rate = told.rate[at][one], persons = told.persons[at][one];
    const body = kind === "no_report" ? said.unknown : rate === null ? said.few
      : said.rate.replace("{rate}", number(rate, 1)).replace("{persons}", number(persons, 0));
    telling.textContent = `${name}, ${words(told.months[at])}: ${body}${open(told.kind[at][one]) ? " " + said.open : ""}`;
  }

  function show(to) {
    const counts = {};
    drawn.forEach(([shape, dot], one) => {
      const now = classes[to][one];
      counts[now] = (counts[now] || 0) + 1;
      if (shape && shape.now !== now) { shape.setAttribute("fill", fills[now]); shape.now = now; }
      const seen = open(told.kind[to][one]);
      if (dot && dot.now !== seen) { dot.setAttribute("visibility", seen ? "visible" : "hidden"); dot.now = seen; }
    });
    at = to;
    pick("map-when").textContent = said.when.replace("{month}", words(told.months[to]));
    slider.setAttribute("aria-valuetext", words(told.months[to]));
    all(".key li").forEach((one) => { const room = one.querySelector(".count"); if (room) room.textContent = `(${counts[one.dataset.class] || 0})`; });
    if (!long) table();
    if (here) tell(here);
  }
  function table() {
    told.places.forEach((code, one) => {
      const row = lines.get(code);
      if (!row) return;
      row.cells[1].textContent = number(told.rate[at][one], 1);
      row.cells[2].textContent = number(told.persons[at][one], 0);
    });
  }
  const long = lines.size > 100;
  function remember() {
    if (said.place[0] !== "/") return;
    const link = new URL(location.href);
    link.searchParams.set("month", told.months[at]);
    history.replaceState(null, "", link);
    pick("map-form").month.value = told.months[at];
    all(".handing a, .tongue a").forEach((one) => {
      const there = new URL(one.href);
      for (const [name, value] of link.searchParams) there.searchParams.set(name, value);
      one.href = there;
    });
    const twin = document.querySelector("details.twin"), rows = new URL(twin.dataset.rows, location.href);
    rows.searchParams.set("month", told.months[at]);
    twin.dataset.rows = rows;
    delete twin.dataset.done;
    if (twin.open) twin.dispatchEvent(new Event("toggle"));
  }

  // One tab stop; arrows go to the nearest place.
  const middles = new Map([...shapes].map(([code, shape]) => {
    const box = shape.getBBox();
    return [code, [box.x + box.width / 2, box.y + box.height / 2]];
  }));
  function go(code) {
    if (here && shapes.get(here)) shapes.get(here).removeAttribute("class");
    here = code;
    const shape = shapes.get(code);
    if (!shape) return;
    shape.setAttribute("class", "here");
    shape.parentNode.append(shape);
    tell(code);
  }
  const enter = (code) => { location.href = said.place.replace("CODE", code); };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function next([x, y]) {
    const [a, b] = middles.get(here);
    let best = here, least = Infinity;
    for (const [code, [c, d]] of middles) {
      const along = (c - a) * x + (d - b) * y, aside = Math.abs((c - a) * y + (d - b) * x), far = along + 2 * aside;
      if (code !== here && along > 0 && aside <= 2 * along && far < least) { best = code; least = far; }
    }
    return best;
  }
  mapped.onkeydown = (event) => {
    if (ways[event.key]) { event.preventDefault(); go(next(ways[event.key])); }
    else if (event.key === "Enter" && here) enter(here);
    else if (event.key === "Escape") slider.focus();
  };
  mapped.onfocus = () => { if (!here) go(first); };
  mapped.onpointermove = (event) => {
    const code = event.target.dataset?.place;
    if (!code) return hidraTip.hide();
    if (code !== here) go(code);
    hidraTip.show(event, telling.textContent.split(/: (.*)/).filter(Boolean));
  };
  mapped.onpointerleave = hidraTip.hide;
  // A finger reads a place first, then opens it.
  let before;
  mapped.onpointerdown = (event) => { before = here; mapped.onpointermove(event); };
  mapped.onclick = (event) => { const code = event.target.dataset?.place; if (code && code === before) enter(code); };
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/input|textarea|select/i.test(document.activeElement.tagName)) { event.preventDefault(); pick("find").focus(); }
  });
  pick("find").onchange = (event) => {
    const [code] = [...names].find(([, name]) => !name.localeCompare(event.target.value, "en", { sensitivity: "base" })) || [];
    if (code) { mapped.focus(); go(code); }
  };
  slider.oninput = () => show(+slider.value);
  slider.onchange = () => { if (long) table(); remember(); };
  document.querySelector(".slide").hidden = false;
  show(at);
  window.hidraMap = { get here() { return here; } };
  figure.classList.add("ready");
})();
