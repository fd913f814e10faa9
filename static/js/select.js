// Many assets are chosen: boxes on tiles and hits, ranges with Shift, x on the focused one. Without a script the
// page of ticked boxes does the same.
const bar = document.querySelector("[data-select-bar]");
const grid = document.querySelector(".grid, [data-hits]");
const ASSET = /\/assets\/(\d+)\//;
const KEPT = `chosen:${location.pathname}${location.search}`;

const ready = document.getElementById("choose") !== null; // the page has boxes of its own
const chosen = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
let choosing = ready;
let last = null;

const boxes = () => [...document.querySelectorAll("[data-pick]")];

function assetOf(item) {
  const link = item.matches("a") ? item : item.querySelector("a[href*='/assets/']");
  return link?.getAttribute("href").match(ASSET)?.[1];
}

function report() {
  const count = chosen.size;
  bar.querySelector("[data-select-count]").textContent = count ? `${count.toLocaleString()} chosen` : "Nothing chosen yet";
  bar.querySelector("[data-select-change]")?.toggleAttribute("disabled", count === 0);
  const field = bar.querySelector("[data-chosen]");
  if (field) field.value = [...chosen].join(",");
  sessionStorage.setItem(KEPT, JSON.stringify([...chosen]));
}

function put(box, ticked) {
  box.checked = ticked;
  box.closest(".pick")?.classList.toggle("picked", ticked);
  chosen[ticked ? "add" : "delete"](box.value);
}

function tick(box, range) {
  const all = boxes();
  const from = range && last ? all.indexOf(last) : -1;
  const to = all.indexOf(box);
  const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (const each of all.slice(low, high + 1)) put(each, box.checked);
  last = box;
  report();
}

// Where the box belongs: into a hit or what veils a tile; around a tile, which is a link.
function holderOf(item) {
  const around = item.matches("a") ? item.closest(".veil") : item;
  if (around) return around;
  const holder = document.createElement("div");
  holder.dataset.wrapper = "";
  holder.style.setProperty("--ratio", item.style.getPropertyValue("--ratio") || 1.5);
  item.replaceWith(holder);
  holder.append(item);
  return holder;
}

function addBox(item) {
  const pk = assetOf(item);
  if (!pk || item.closest(".pick")) return;
  const name = item.querySelector(".tile-title, .hit-of a")?.textContent.trim() ?? pk;
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: pk, ariaLabel: `Choose ${name}` });
  box.dataset.pick = "";
  const holder = holderOf(item);
  holder.classList.add("pick");
  holder.append(box);
}

function removeBox(box) {
  const holder = box.closest(".pick");
  box.remove();
  holder.classList.remove("pick", "picked");
  if ("wrapper" in holder.dataset) holder.replaceWith(holder.firstElementChild);
}

function furnish() {
  if (!choosing) return;
  if (!ready) for (const item of grid.querySelectorAll(".tile, article.hit")) addBox(item);
  for (const box of boxes()) if (chosen.has(box.value)) put(box, true);
}

function choose(on) {
  choosing = on;
  grid.classList.toggle("picking", on);
  bar.querySelector("[data-select-begin]").hidden = on;
  bar.querySelector("[data-select-tools]").hidden = !on;
  if (on) furnish();
  else boxes().forEach(removeBox);
  if (!on) chosen.clear();
  report();
}

if (bar && grid) {
  let shifted = false;
  grid.addEventListener("click", (event) => {
    shifted = event.shiftKey;
    const item = choosing && !ready && !event.target.matches("[data-pick]") ? event.target.closest(".pick") : null;
    if (!item || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const box = item.querySelector("[data-pick]");
    box.checked = !box.checked;
    tick(box, shifted);
  });
  grid.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick]")) tick(event.target, shifted);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "Escape" && choosing && !ready) choose(false);
    const item = event.key === "x" && event.target.closest("[data-item], .pick");
    if (!item) return;
    event.preventDefault();
    if (!choosing) { choose(true); item.focus(); }
    const box = event.target.closest(".pick").querySelector("[data-pick]");
    box.checked = !box.checked;
    tick(box, event.shiftKey);
  });
  bar.querySelector("[data-select-begin]")?.addEventListener("click", (event) => { event.preventDefault(); choose(true); });
  bar.querySelector("[data-select-end]")?.addEventListener("click", () => choose(false));
  bar.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
  document.addEventListener("htmx:afterSettle", furnish);
  if (ready) { furnish(); report(); } else if (chosen.size) choose(true);
}
