"use strict";
// What lies under pointer, finger or arrow keys: lines from the server, as in the table.
(function () {
  const { all, made } = window.hidra;
  const box = (id) => document.body.appendChild(made("div", "", { id, hidden: true, role: "status" }));
  const tip = box("tip"), rule = box("tip-rule");
  const hide = () => { tip.hidden = rule.hidden = true; };
  let scrolled = hide;  // what is read with keys goes along with the page
  const count = (time) => { const [year, month] = time.split("-"); return month ? year * 12 + (month - 1) : +year; };

  function show({ clientX: x, clientY: y }, [head, ...lines]) {
    tip.replaceChildren(made("strong", head), ...lines.map((line) => made("span", line)));
    tip.hidden = false;
    const wide = tip.offsetWidth + 16, high = innerHeight - tip.offsetHeight - 4;
    tip.style.left = `${Math.max(4, x + wide > innerWidth ? x - wide : x + 16)}px`;
    tip.style.top = `${Math.max(4, Math.min(y - 12, high))}px`;
  }

  const plot = (cell) => cell.querySelector(":scope > path.background").getBoundingClientRect();
  const plots = (drawing) => { const panels = all("g.cell > g", drawing); return panels.length ? panels : all("g.role-frame > g", drawing); };

  function overTime(event, told, drawing) {
    const { clientX: x, clientY: y } = event;
    const cell = plots(drawing).find((one) => { const { left, right, top, bottom } = plot(one); return x > left - 3 && x < right + 3 && y > top && y < bottom; });
    if (!cell) return hide();
    const { left, top, width, height } = plot(cell), title = cell.querySelector(".role-title-text"), first = count(told.first), span = count(told.last) - first;
    const text = title ? all("tspan", title).map((one) => one.textContent).join(" ") || title.textContent : "";
    const step = Math.round((x - left) / width * span), now = first + step;
    const key = told.first[4] ? `${Math.floor(now / 12)}-${String(now % 12 + 1).padStart(2, "0")}` : `${now}`;
    const lines = (told.said[text.trim()] || {})[key], at = (step) => left + step / span * width;
    drawing.near = (way) => {
      const now = plot(cell), there = Math.max(0, Math.min(span, step + way));
      return { clientX: now.left + there / span * now.width, clientY: now.top + now.height / 2 };
    };
    if (!lines) return hide();
    show(event, lines);
    rule.hidden = false;
    Object.assign(rule.style, { left: `${at(step)}px`, top: `${top}px`, height: `${height}px` });
  }

  function overMark(event, told) {
    const mark = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.dataset.key), lines = mark && told.said[""][mark.dataset.key];
    if (lines) show(event, lines); else hide();
  }

  all("[data-hover]").forEach((figure) => {
    const timed = figure.dataset.hover === "time";
    let asked;
    all(".drawing", figure).forEach((drawing) => {
      const read = async (point) => {  // where it is, once the words are here: the page may have moved
        asked = asked || fetch(figure.dataset.tips).then((one) => one.json());
        const told = await asked;
        (timed ? overTime : overMark)(point(), told, drawing);
      };
      drawing.onpointermove = drawing.onpointerdown = (event) => { scrolled = hide; read(() => event); };
      drawing.onpointerleave = (event) => { if (event.pointerType === "mouse") hide(); };
      if (!timed) return;
      drawing.tabIndex = 0;
      drawing.onblur = () => { hide(); scrolled = hide; drawing.near = null; };
      drawing.onkeydown = (event) => {
        const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!way) return;
        event.preventDefault();
        scrolled = () => drawing.near && read(() => drawing.near(0));
        read(() => {
          const { right, top } = plot(plots(drawing)[0]);
          return drawing.near ? drawing.near(way) : { clientX: right, clientY: top + 9 };
        });
      };
    });
  });
  addEventListener("scroll", () => scrolled(), { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  window.hidraTip = { show, hide };
})();
