// The transcript page: a word jumps to its second, the page follows the playhead, and #t=83.2 opens there.
const media = document.querySelector("[data-player]");
const follow = document.querySelector("[data-follow]");
const gathered = () => [...document.querySelectorAll("[data-word]")]
  .map((element) => ({ element, start: Number(element.dataset.word) }))
  .sort((one, other) => one.start - other.start);
let words = gathered();
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LINGER = 2; // seconds that the last word before a pause stays marked
const PARTS = ".paragraph, .turn";
let current = null;

function wordAt(second) {
  let [low, high] = [0, words.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (words[middle].start <= second) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0 && second - words[high].start < LINGER ? words[high].element : null;
}

function mark(second) {
  const next = wordAt(second);
  if (next === current) return;
  const paragraph = next?.closest(PARTS);
  if (paragraph && paragraph !== current?.closest(PARTS)) keepInView(paragraph);
  current?.removeAttribute("data-now");
  next?.setAttribute("data-now", "");
  current = next;
}

function keepInView(paragraph) {
  if (media.paused || !follow.checked || document.activeElement?.closest(".correction, .turn")) return;
  paragraph.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

function jump(word) {
  media.currentTime = Number(word.dataset.word);
  if (!word.isContentEditable) media.play().catch(() => { /* the browser wants a gesture first; the second is right */ });
}

function openAtHash() {
  const named = /^#t=(\d+(?:\.\d+)?)/.exec(location.hash);
  if (!named) return;
  const second = Number(named[1]);
  const go = () => { media.currentTime = second; };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) go();
  else media.addEventListener("loadedmetadata", go, { once: true });
  wordAt(second)?.closest(PARTS).scrollIntoView({ block: "center" });
}

if (media) {
  document.addEventListener("playhead", ({ detail }) => mark(detail));
  document.addEventListener("click", (event) => {
    const word = event.target.closest("[data-word]");
    if (word && getSelection().isCollapsed) jump(word);
  });
  document.addEventListener("htmx:load", () => { words = gathered(); });
  addEventListener("hashchange", openAtHash);
  openAtHash();
  document.querySelector("[data-follow-switch]").hidden = words.length === 0;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
