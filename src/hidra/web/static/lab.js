"use strict";
// Follow a run until it is over, then show it.
(function () {
  const follow = document.getElementById("follow"), bar = document.getElementById("progress");
  const told = document.getElementById("progress-told");
  async function look() {
    try {
      const state = (await (await fetch(follow.dataset.state)).json()).data;
      if (state.state !== "running" && state.state !== "waiting") { location.reload(); return; }
      if (state.state === "running") {
        bar.max = state.total || 1;
        bar.value = state.done;
        told.textContent = follow.dataset.drawn.replace("{done}", state.done).replace("{total}", state.total);
      }
    } catch { /* the server may be starting again: ask later */ }
    setTimeout(look, 900);
  }
  setTimeout(look, 700);
})();
