"use strict";
// What lies under the pointer, beside it. The lines come from the server; the table says the same to everybody else.
(function () {
  const made = (id) => document.body.appendChild(Object.assign(document.createElement("div"), { id, hidden: true, ariaHidden: "true" }));
  const tip = made("tip"), rule = made("tip-rule");
  const hide = () => { tip.hidden = rule.hidden = true; };
  const count = (time) => { const [year, month] = time.split("-"); return month ? year * 12 + (month - 1) : Number(year); };

  const within = ({ clientX: x, clientY: y }, box) => x > box.left - 3 && x < box.right + 3 && y > box.top && y < box.bottom;

  function show(event, [head, ...lines]) {
    const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    tip.replaceChildren(part("strong", head), ...lines.map((line) => part("span", line)));
    tip.hidden = false;
    const x = event.clientX, wide = tip.offsetWidth + 16, high = innerHeight - tip.offsetHeight - 4;
    tip.style.left = `${Math.max(4, x + wide > innerWidth ? x - wide : x + 16)}px`;
    tip.style.top = `${Math.max(4, Math.min(event.clientY - 12, high))}px`;
  }

  function overTime(event, told, drawing) {
    const panels = [...drawing.querySelectorAll("g.cell > g")], whole = [...drawing.querySelectorAll("g.role-frame > g")];
    const box = (one) => one.querySelector(":scope > path.background").getBoundingClientRect();
    const cell = (panels.length ? panels : whole).find((one) => within(event, box(one)));
    if (!cell) return hide();
    const { left, top, width, height } = box(cell), title = cell.querySelector(".role-title-text"), first = count(told.first), span = count(told.last) - first;
    const text = title ? [...title.querySelectorAll("tspan")].map((one) => one.textContent).join(" ") || title.textContent : "";
    const step = Math.round((event.clientX - left) / width * span), now = first + step, month = told.first.includes("-");
    const key = month ? `${Math.floor(now / 12)}-${String(now % 12 + 1).padStart(2, "0")}` : String(now);
    const lines = (told.said[text.trim()] || {})[key];
    if (!lines) return hide();
    show(event, lines);
    rule.hidden = false;
    Object.assign(rule.style, { left: `${left + step / span * width}px`, top: `${top}px`, height: `${height}px` });
  }

  function overMark(event, told) {
    const mark = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.dataset.key), lines = mark && told.said[""][mark.dataset.key];
    if (lines) show(event, lines); else hide();
  }

  document.querySelectorAll("[data-hover]").forEach((figure) => {
    let asked;
    figure.querySelectorAll(".drawing").forEach((drawing) => {
      drawing.addEventListener("pointermove", async (event) => {
        asked = asked || fetch(figure.dataset.tips).then((one) => one.json());
        (figure.dataset.hover === "time" ? overTime : overMark)(event, await asked, drawing);
      });
      drawing.addEventListener("pointerleave", hide);
    });
  });
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  window.hidraTip = { show, hide };
})();
