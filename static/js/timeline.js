// The span between two marks, repeating it, steps of one frame, and the lanes: zoom, folding, arrow keys.
const media = document.querySelector("[data-player]");
const tools = document.querySelector("[data-span]");
const lanes = document.querySelector("[data-lanes]");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LARGEST = 64; // times; a bar of a tenth of a second in an hour of film is then some four pixels wide
const STILL = 0.04; // seconds of a step in a recording, which has no frames
const FOLDED = "folded-lanes";

const duration = () => Number(lanes?.dataset.duration) || media.duration;
const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog") !== null;
const span = { start: null, end: null };
let looping = false;
let watching = false;
let zoom = 1;

// the span

const isWhole = () => span.start !== null && span.end !== null && span.end > span.start;

function say(text) {
  tools.querySelector("[data-span-said]").textContent = text;
}

function exact(seconds) {
  return String(Math.round(seconds * 1000) / 1000);
}

function timecode(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), (seconds % 60).toFixed(1).padStart(4, "0")];
  return `${minutes}:${rest}`;
}

function mark(start, end) {
  Object.assign(span, { start, end });
  if (!isWhole()) looping = false;
  drawSpan();
  const address = new URL(location.href);
  for (const [name, value] of [["t", start], ["end", isWhole() ? end : null]]) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, exact(value));
  }
  history.replaceState(null, "", address);
}

function drawSpan() {
  for (const name of ["copy", "clear"]) tools.querySelector(`[data-do=${name}]`).hidden = !isWhole();
  tools.querySelector("[data-do=loop]").setAttribute("aria-pressed", String(looping));
  say(isWhole() ? `${timecode(span.start)} to ${timecode(span.end)}${looping ? ", repeated" : ""}` : "");
  for (const strip of document.querySelectorAll("[data-lanes-span]")) {
    strip.hidden = !isWhole();
    strip.style.setProperty("--from", (span.start ?? 0) / duration());
    strip.style.setProperty("--to", (span.end ?? 0) / duration());
  }
}

function markIn() {
  const now = media.currentTime;
  mark(now, span.end !== null && span.end > now ? span.end : null);
}

function markOut() {
  const now = media.currentTime;
  mark(span.start !== null && span.start < now ? span.start : 0, now);
}

function loop() {
  const bar = document.activeElement?.closest("[data-bars] a") ?? null;
  const isNew = bar && (Number(bar.dataset.second) !== span.start || Number(bar.dataset.until) !== span.end);
  if (isNew) mark(Number(bar.dataset.second), Number(bar.dataset.until));
  if (!isWhole()) {
    say("Mark where the span begins and ends first, or choose a bar.");
    return;
  }
  looping = isNew || !looping;
  drawSpan();
  if (looping) playFromStart();
}

function playFromStart() {
  media.currentTime = span.start;
  media.play().then(watch).catch(() => { /* the browser wants a gesture first */ });
}

function watch() {
  if (!watching) requestAnimationFrame(turnBack);
  watching = true;
}

function turnBack() {
  watching = looping && !media.paused;
  if (!looping) return;
  if (media.ended) playFromStart();
  else if (media.currentTime >= span.end) media.currentTime = span.start;
  if (watching) requestAnimationFrame(turnBack);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch {
    say("The address of this page is the link: copy it from above.");
  }
}

function step(frames) {
  const rate = parseFloat(tools.dataset.rate) || 1 / STILL;
  const now = Math.floor(media.currentTime * rate + 1e-4);
  media.pause();
  media.currentTime = Math.max(0, (now + frames + 0.1) / rate);
}

const actions = {
  in: markIn, out: markOut, loop, copy, clear: () => mark(null, null), back: () => step(-1), on: () => step(1),
};
const keys = {
  i: markIn, o: markOut, l: loop, ",": () => step(-1), ".": () => step(1),
  "+": () => zoomTo(zoom * 2), "=": () => zoomTo(zoom * 2), "-": () => zoomTo(zoom / 2),
};

// zoom

function zoomTo(wanted, middle = null) {
  if (!lanes) return;
  const scroller = lanes.querySelector("[data-lanes-scroll]");
  const wide = lanes.querySelector(".lanes-wide");
  const before = zoom;
  const from = middle ?? scroller.clientWidth / 2;
  zoom = Math.min(LARGEST, Math.max(1, wanted));
  wide.style.setProperty("--zoom", zoom);
  scroller.scrollLeft = (scroller.scrollLeft + from) * (zoom / before) - from;
  lanes.querySelector("[data-zoom-now]").textContent = `${Math.round(zoom * 10) / 10}×`;
}

function keepHeadInView(share) {
  const scroller = lanes.querySelector("[data-lanes-scroll]");
  if (zoom === 1 || media.paused || scroller.matches(":hover") || scroller.contains(document.activeElement)) return;
  const bars = lanes.querySelector(".lane:not([data-folded]) [data-bars]");
  if (!bars) return;
  const at = bars.offsetLeft + share * bars.clientWidth;
  const seen = at > scroller.scrollLeft + bars.offsetLeft && at < scroller.scrollLeft + scroller.clientWidth;
  if (!seen) scroller.scrollTo({ left: at - scroller.clientWidth / 3, behavior: calm ? "auto" : "smooth" });
}

// bars

function nearest(bars, second) {
  const distance = (bar) => Math.abs(Number(bar.dataset.second) - second);
  return bars.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best));
}

function goTo(bar) {
  for (const other of bar.parentElement.querySelectorAll("a")) other.tabIndex = other === bar ? 0 : -1;
  bar.focus();
  bar.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "auto" });
  media.currentTime = Number(bar.dataset.second);
}

function walk(bar, key) {
  const all = [...bar.parentElement.querySelectorAll("a")];
  const rows = [...lanes.querySelectorAll(".lane:not([data-folded]) [data-bars]")];
  const row = rows[rows.indexOf(bar.parentElement) + { ArrowUp: -1, ArrowDown: 1 }[key]];
  if (row) return nearest([...row.querySelectorAll("a")], Number(bar.dataset.second));
  const here = all.indexOf(bar);
  return { ArrowLeft: all[here - 1], ArrowRight: all[here + 1], Home: all[0], End: all[all.length - 1] }[key];
}

// folding

function remembered() {
  try {
    return new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
  } catch {
    return new Set();
  }
}

function fold(lane, folded) {
  lane.toggleAttribute("data-folded", folded);
  lane.querySelector("[data-lane-fold]").setAttribute("aria-expanded", String(!folded));
}

function remember() {
  const folded = [...lanes.querySelectorAll("[data-folded]")].map((lane) => lane.dataset.lane);
  try {
    localStorage.setItem(FOLDED, JSON.stringify(folded));
  } catch { /* it lasts for this page only */ }
}

function listenToLanes() {
  lanes.querySelector("[data-zoom]").hidden = false;
  const folded = remembered();
  for (const lane of lanes.querySelectorAll("[data-lane]")) {
    const button = lane.querySelector("[data-lane-fold]");
    button.hidden = false;
    button.addEventListener("click", () => { fold(lane, !("folded" in lane.dataset)); remember(); });
    if (folded.has(lane.dataset.lane)) fold(lane, true);
  }
  lanes.addEventListener("click", ({ target }) => {
    const by = target.closest("[data-zoom-by]")?.dataset.zoomBy;
    if (by) zoomTo(zoom * Number(by));
  });
  lanes.querySelector("[data-lanes-scroll]").addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const { left } = event.currentTarget.getBoundingClientRect();
    zoomTo(zoom * Math.exp(-event.deltaY / 300), event.clientX - left);
  }, { passive: false });
  lanes.addEventListener("keydown", (event) => {
    const bar = event.target.closest("[data-bars] a");
    const next = bar && !event.ctrlKey && !event.altKey && walk(bar, event.key);
    if (!next) return;
    event.preventDefault();
    goTo(next);
  });
}

function listen() {
  tools.hidden = false;
  tools.addEventListener("click", ({ target }) => actions[target.closest("[data-do]")?.dataset.do]?.());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  media.addEventListener("play", watch);
  media.addEventListener("ended", turnBack);
  document.addEventListener("playhead", ({ detail }) => {
    const head = lanes?.querySelector("[data-lanes-head]");
    if (!head) return;
    head.hidden = false;
    head.style.setProperty("--at", Math.min(1, detail / duration()));
    keepHeadInView(detail / duration());
  });
}

function openSpan() {
  const query = new URLSearchParams(location.search);
  const [start, end] = [Number(query.get("t")), Number(query.get("end"))];
  if (end > start && start >= 0 && Number.isFinite(end)) {
    Object.assign(span, { start, end });
    drawSpan();
  }
}

if (media && tools) {
  listen();
  if (lanes) listenToLanes();
  openSpan();
}
