// Boxes over the picture: shown or hidden by the checkbox or b; in a film, only those of the moment.
const overlay = document.querySelector("[data-boxes]");
const toggle = document.querySelector("[data-boxes-toggle]");
const boxes = [...document.querySelectorAll("[data-boxes] .box")];
const kinds = [...document.querySelectorAll("[data-boxes-kind]")];

function show() {
  const hidden = new Set(kinds.filter((each) => !each.checked).map((each) => each.dataset.boxesKind));
  overlay.toggleAttribute("data-hidden", !toggle.checked);
  for (const box of boxes) {
    box.toggleAttribute("data-unwanted", hidden.has(box.dataset.kind) && !box.classList.contains("chosen"));
  }
}

function showMoment(second) {
  for (const box of boxes) {
    const { start, end } = box.dataset;
    if (start === undefined) continue;
    const holds = Number(start) <= second && second < Math.max(Number(end), Number(start) + 0.5);
    box.toggleAttribute("data-away", !holds);
  }
}

function choose(id) {
  for (const box of boxes) box.classList.toggle("chosen", box.dataset.fact === id);
  if (boxes.some((box) => box.dataset.fact === id)) {
    toggle.checked = true;
    show();
  }
}

if (overlay && toggle) {
  show();
  for (const each of [toggle, ...kinds]) each.addEventListener("change", show);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "b" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    toggle.checked = !toggle.checked;
    show();
  });
  document.addEventListener("playhead", ({ detail }) => showMoment(detail));
  document.addEventListener("factchosen", ({ detail }) => choose(detail));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fact-link]:not([data-second])");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(link.dataset.factLink);
    history.replaceState(null, "", link.href);
  });
  const player = document.querySelector("[data-player]");
  if (player) showMoment(Number(player.dataset.start));
}
