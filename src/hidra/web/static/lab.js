"use strict";
// Follow a run until it is over, then show it.
(function () {
  const follow = document.getElementById("follow"), bar = document.getElementById("progress"), said = follow.dataset;
  const head = document.querySelector("h1"), told = document.getElementById("progress-told");
  const elapsed = document.getElementById("elapsed"), begun = Date.now() - 1000 * said.seconds;
  function show(state) {
    const phase = state.state === "waiting" && state.before ? "waiting" : state.done ? "running" : "preparing";
    document.title = document.title.replace(head.textContent, said[phase]);
    head.textContent = said[phase];
    if (state.done) { bar.max = state.total || 1; bar.value = state.done; }
    told.textContent = state.done ? said.drawn.replace("{done}", state.done).replace("{total}", state.total)
      : phase === "waiting" ? said.before.replace("{n}", state.before) : "";
  }
  async function look() {
    try {
      const state = (await (await fetch(said.state)).json()).data;
      if (state.state !== "running" && state.state !== "waiting") { location.reload(); return; }
      show(state);
    } catch { /* the server may be starting again: ask later */ }
    setTimeout(look, 900);
  }
  setInterval(() => { elapsed.textContent = said.elapsed.replace("{seconds}", Math.round((Date.now() - begun) / 1000)); }, 1000);
  setTimeout(look, 300);
})();
