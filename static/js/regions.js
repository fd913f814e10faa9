// Boxes drawn in the picture for the form beside it. The form also works alone, with numbers.
const FIELDS = ["left", "top", "width", "height"];
const BOX = { left: 35, top: 35, width: 30, height: 30 }; // percent of the frame, where a box begins
const SMALLEST = 1; // percent
const SPAN = 2; // seconds that a box in a film lasts until somebody says otherwise
const media = document.querySelector("[data-player]");
const stage = document.querySelector("[data-stage]");
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

let tools = null;
let layer = null;
let draft = null;

const field = (name) => tools.querySelector(`#region-${name}`);
const link = (fact) => tools.querySelector(`[data-placed="${fact}"] [data-region-change]`);

// the box that is being drawn: its numbers are those of the form

function numbers() {
  const values = FIELDS.map((name) => parseFloat(field(name)?.value));
  if (values.some(Number.isNaN)) return null;
  return Object.fromEntries(FIELDS.map((name, index) => [name, values[index]]));
}

function place(element, box) {
  for (const name of FIELDS) element.style[name] = `${box[name]}%`;
}

function write(box) {
  const width = clamp(box.width, SMALLEST, 100);
  const height = clamp(box.height, SMALLEST, 100);
  const kept = { left: clamp(box.left, 0, 100 - width), top: clamp(box.top, 0, 100 - height), width, height };
  for (const name of FIELDS) field(name).value = String(Math.round(kept[name] * 100) / 100);
  show();
}

function show() {
  const box = layer && numbers();
  for (const other of layer?.querySelectorAll(".region:not(.draft)") ?? []) other.inert = Boolean(box);
  if (!box) {
    draft?.remove();
    draft = null;
    return;
  }
  draft ??= layer.appendChild(makeDraft());
  place(draft, box);
  const told = FIELDS.map((name) => `${name} ${Math.round(box[name])} %`).join(", ");
  draft.setAttribute("aria-label", `The box: ${told}. Arrows move it, Shift and arrows size it.`);
}

function makeDraft() {
  const box = document.createElement("button");
  box.type = "button";
  box.className = "region draft";
  for (const corner of ["nw", "ne", "sw", "se"]) {
    box.appendChild(document.createElement("span")).dataset.corner = corner;
  }
  box.addEventListener("keydown", onKey);
  return box;
}

function begin() {
  if (!numbers()) write(BOX);
  layer.dataset.drawing = "";
  takeSpan();
  draft.focus();
}

function takeSpan() {
  const isNew = !("fact" in tools.querySelector("[data-region-form]").dataset);
  if (!isNew || !media || !field("start") || field("start").value || field("end").value) return;
  const end = Math.min(media.currentTime + SPAN, media.duration || Infinity);
  field("start").value = media.currentTime.toFixed(2);
  field("end").value = end.toFixed(2);
}

function clear() {
  for (const name of FIELDS) field(name).value = "";
  delete layer.dataset.drawing;
  show();
}

// keys

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event) {
  const arrow = ARROWS[event.key];
  const act = { Escape: cancel, Delete: removeChosen, Enter: () => field("text").focus() }[event.key];
  if (event.ctrlKey || event.metaKey || (!arrow && !act)) return;
  event.preventDefault();
  event.stopPropagation();
  if (act) act();
  else nudge(arrow, event.shiftKey, event.altKey ? 0.2 : 2);
}

function nudge([right, down], sizes, step) {
  const box = numbers();
  const [across, along] = sizes ? ["width", "height"] : ["left", "top"];
  const room = sizes ? { width: 100 - box.left, height: 100 - box.top } : {};
  box[across] = Math.min(box[across] + right * step, room.width ?? Infinity);
  box[along] = Math.min(box[along] + down * step, room.height ?? Infinity);
  write(box);
}

function cancel() {
  const back = tools.querySelector("[data-region-cancel]");
  if (back) back.click();
  else clear();
  tools.querySelector("[data-region-draw]").focus();
}

function removeChosen() {
  const fact = tools.querySelector("[data-region-form]").dataset.fact;
  if (fact) remove(fact);
  else cancel();
}

const remove = (fact) => tools.querySelector(`[data-placed="${fact}"] [data-region-remove] button`)?.click();

// the pointer

function pointAt(event) {
  const { left, top, width, height } = layer.getBoundingClientRect();
  return {
    x: clamp((100 * (event.clientX - left)) / width, 0, 100),
    y: clamp((100 * (event.clientY - top)) / height, 0, 100),
  };
}

function between(one, other) {
  return {
    left: Math.min(one.x, other.x), top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y),
  };
}

// The corner across from the one that is held stays where it is.
function across(box, corner) {
  return {
    x: corner.includes("w") ? box.left + box.width : box.left,
    y: corner.includes("n") ? box.top + box.height : box.top,
  };
}

function drag(event) {
  const chosen = event.target.closest(".region");
  if (chosen && chosen !== draft) return;
  if (!chosen && !("drawing" in layer.dataset)) return;
  event.preventDefault();
  const [from, before, corner] = [pointAt(event), numbers(), event.target.dataset.corner];
  const follow = (moved) => {
    const to = pointAt(moved);
    if (!chosen) write(between(from, to));
    else if (corner) write(between(across(before, corner), to));
    else write({ ...before, left: before.left + to.x - from.x, top: before.top + to.y - from.y });
  };
  const end = () => {
    layer.removeEventListener("pointermove", follow);
    takeSpan();
    draft?.focus();
  };
  layer.setPointerCapture(event.pointerId);
  layer.addEventListener("pointermove", follow);
  for (const name of ["pointerup", "pointercancel"]) layer.addEventListener(name, end, { once: true });
}

// what stands there already

function makeRegion({ dataset }) {
  const region = document.createElement("button");
  region.type = "button";
  region.className = "region";
  region.textContent = dataset.label;
  region.setAttribute("aria-label", `${dataset.label}, ${dataset.kind}: change`);
  Object.assign(region.dataset, { fact: dataset.placed, start: dataset.start ?? "", end: dataset.end ?? "" });
  const [left, top, width, height] = dataset.box.split(" ").map(parseFloat);
  place(region, { left, top, width, height });
  region.addEventListener("click", () => link(dataset.placed).click());
  region.addEventListener("keydown", (event) => { if (event.key === "Delete") remove(dataset.placed); });
  return region;
}

function showMoment(second) {
  for (const region of layer?.querySelectorAll(".region[data-start]") ?? []) {
    const { start, end } = region.dataset;
    region.hidden = start !== "" && !(Number(start) <= second && second < Math.max(Number(end), Number(start) + 0.5));
  }
}

function makeLayer() {
  layer?.remove();
  draft = null;
  if (!stage || !field("left")) {
    layer = null;
    return;
  }
  layer = stage.appendChild(document.createElement("div"));
  layer.className = "region-layer";
  const chosen = tools.querySelector("[data-region-form]").dataset.fact;
  for (const each of tools.querySelectorAll("[data-placed][data-box]")) {
    if (each.dataset.placed !== chosen) layer.append(makeRegion(each));
  }
  layer.addEventListener("pointerdown", drag);
  showMoment(media?.currentTime || Number(tools.dataset.moment));
  show();
  if (chosen && draft) begin();
  else if (!media) layer.dataset.drawing = "";
}

function showKind() {
  const isPerson = field("kind").value === "person";
  for (const [name, wanted] of [["text", !isPerson], ["person", isPerson]]) {
    const wrapper = field(name)?.closest(".field");
    if (wrapper) wrapper.hidden = !wanted;
  }
}

function open(found) {
  tools = found;
  for (const each of tools.querySelectorAll("[data-needs-script]")) each.hidden = false;
  makeLayer();
  showKind();
}

document.addEventListener("htmx:load", ({ detail }) => {
  const found = detail.elt.closest("[data-regions]") ?? detail.elt.querySelector("[data-regions]");
  if (found && found !== tools) open(found);
});
document.addEventListener("click", ({ target }) => {
  if (!tools?.contains(target)) return;
  const now = target.closest("[data-region-now]");
  if (now && media) field(now.dataset.regionNow).value = media.currentTime.toFixed(2);
  if (target.closest("[data-region-draw]")) begin();
  if (target.closest("[data-region-none]")) clear();
  const done = target.closest("[data-region-done]");
  if (done && media) done.search = `?t=${media.currentTime.toFixed(2)}`;
});
document.addEventListener("change", ({ target }) => { if (target.id === "region-kind") showKind(); });
document.addEventListener("input", ({ target }) => {
  if (FIELDS.some((name) => target.id === `region-${name}`)) show();
});
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (media && detail.elt.matches("[data-region-here], [data-regions-open]")) {
    detail.parameters.set("t", media.currentTime.toFixed(2));
  }
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful || !tools?.contains(detail.elt)) return;
  tools.querySelector("[role=status]").textContent = "That was not saved. What you wrote is still here: try again.";
});
document.addEventListener("playhead", ({ detail }) => showMoment(detail));

const there = document.querySelector("[data-regions]");
if (there) open(there);
