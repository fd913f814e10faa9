// The player of an asset page: starts at ?t=, follows the transcript and the shots, scrubs over the timeline.
const media = document.querySelector("[data-player]");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function timecode(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const tail = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

function whenReady(action) {
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) action();
  else media.addEventListener("loadedmetadata", action, { once: true });
}

function jump(seconds) {
  whenReady(() => {
    media.currentTime = seconds;
    media.play().catch(() => { /* the browser wants a gesture first; the still frame is right */ });
  });
}

function openAtStart() {
  const start = Number(media.dataset.start);
  if (start > 0) whenReady(() => { media.currentTime = start; });
}

function remember(link) {
  history.replaceState(null, "", link.href);
}

function listenToLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-second]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    jump(Number(link.dataset.second));
    remember(link);
    document.dispatchEvent(new CustomEvent("factchosen", { detail: link.dataset.factLink }));
  });
}

// The last of the spans, sorted by start, that holds the second; -1 where none does.
function indexAt(spans, second) {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (spans[middle].start <= second) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0 && second < spans[high].end ? high : -1;
}

function follower(selector, startName, onChange = () => {}) {
  const spans = [...document.querySelectorAll(selector)].map((element) => ({
    element, start: Number(element.dataset[startName]), end: Number(element.dataset.end),
  }));
  let current = -1;
  return (second) => {
    const next = indexAt(spans, second);
    if (next === current) return;
    spans[current]?.element.removeAttribute("aria-current");
    spans[next]?.element.setAttribute("aria-current", "true");
    current = next;
    if (next >= 0) onChange(spans[next].element);
  };
}

function keepInView(element) {
  const box = element.closest("[data-transcript], .shots ol");
  if (!box || box.matches(":hover") || box.contains(document.activeElement)) return;
  const behaviour = calm ? "auto" : "smooth";
  const top = element.offsetTop - box.clientHeight / 3;
  const left = element.offsetLeft - box.clientWidth / 3;
  box.scrollTo({ top, left, behavior: behaviour });
}

function follow() {
  const followers = [
    follower("[data-line]", "start", keepInView),
    follower("[data-line] .said a[data-end]", "second"),
    follower(".shots a[data-second]", "second", (link) => keepInView(link.parentElement)),
  ];
  const update = () => {
    followers.forEach((each) => each(media.currentTime));
    document.dispatchEvent(new CustomEvent("playhead", { detail: media.currentTime }));
  };
  for (const name of ["timeupdate", "seeked", "loadedmetadata"]) media.addEventListener(name, update);
}

function showTile(tile, sheet, second) {
  const index = Math.min(sheet.tiles - 1, Math.floor(second / sheet.interval));
  const style = {
    "--sheet": `url("${sheet.url}")`, "--columns": sheet.columns, "--rows": sheet.rows,
    "--ratio": sheet.tile_width / sheet.tile_height,
    "--x": `${(100 * (index % sheet.columns)) / Math.max(1, sheet.columns - 1)}%`,
    "--y": `${(100 * Math.floor(index / sheet.columns)) / Math.max(1, sheet.rows - 1)}%`,
  };
  for (const [name, value] of Object.entries(style)) tile.style.setProperty(name, value);
}

function scrubOver(timeline) {
  const data = document.getElementById("sprite-sheet");
  const sheet = data && JSON.parse(data.textContent);
  const [scrub, head] = [timeline.querySelector(".scrub"), timeline.querySelector(".playhead")];
  const duration = () => media.duration || Number(timeline.dataset.duration);
  const shareAt = (event) => {
    const { left, width } = timeline.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  timeline.addEventListener("pointermove", (event) => {
    const share = shareAt(event);
    scrub.hidden = false;
    scrub.style.left = `${100 * share}%`;
    scrub.querySelector(".scrub-time").textContent = timecode(share * duration());
    const tile = scrub.querySelector(".sprite");
    if (sheet && tile) showTile(tile, sheet, share * duration());
  });
  timeline.addEventListener("pointerleave", () => { scrub.hidden = true; });
  timeline.addEventListener("click", (event) => { media.currentTime = shareAt(event) * duration(); });
  document.addEventListener("playhead", ({ detail }) => { head.style.left = `${(100 * detail) / duration()}%`; });
}

function listenToKeys() {
  const actions = {
    " ": () => (media.paused ? media.play() : media.pause()),
    ArrowLeft: () => { media.currentTime -= 5; },
    ArrowRight: () => { media.currentTime += 5; },
  };
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("input, textarea, select, button, a, summary, video, audio, dialog, [contenteditable], [data-keys]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
}

if (media) {
  openAtStart();
  listenToLinks();
  follow();
  listenToKeys();
  document.querySelectorAll("[data-timeline]").forEach(scrubOver);
}
