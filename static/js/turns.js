// The transcript editor: text is edited in its place and travels in the form beside it. Without this script
// the forms do the same.
const media = document.querySelector("[data-player]");
const STEP = 2; // seconds that Ctrl and an arrow move the playhead
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
let wanted = null; // where the caret goes once the answer has been put into the page

const turnOf = (element) => element.closest("[data-turn]");
const wordsOf = (turn) => turn?.querySelector("[data-words]");
const textOf = (words) => words.innerText.replace(/\s+/g, " ").trim();
const isDirty = (turn) => textOf(wordsOf(turn)) !== turn.dataset.was;
const isBusy = (turn) => turn.hasAttribute("aria-busy");
const unsaved = () => [...document.querySelectorAll("[data-turn]")].some((turn) => isDirty(turn) || isBusy(turn));

function open(turn) {
  const words = wordsOf(turn);
  if (words.isContentEditable) return;
  try {
    words.contentEditable = "plaintext-only";
  } catch {
    words.contentEditable = "true"; // an older browser; the pasted markup is left out when it is saved
  }
  turn.dataset.was = textOf(words);
  words.setAttribute("role", "textbox");
  words.setAttribute("aria-label", words.dataset.label);
  words.setAttribute("aria-multiline", "true");
  words.spellcheck = true;
  const split = turn.querySelector("[data-split]");
  split.hidden = false;
  split.addEventListener("click", () => splitAt(turn, Number(turn.dataset.caret ?? 0)));
}

// the caret

function caretIn(words) {
  const selection = getSelection();
  if (!selection.rangeCount || !words.contains(selection.anchorNode)) return null;
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(selection.anchorNode, selection.anchorOffset);
  return before.toString().length;
}

function putCaret(turn, place) {
  const words = wordsOf(turn);
  words.focus();
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let left = place;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.length) return getSelection().collapse(node, left);
    left -= node.length;
  }
  getSelection().selectAllChildren(words);
  return getSelection().collapseToEnd();
}

// what the buttons of the form do

function press(turn, action, then = null) {
  if (isBusy(turn)) return;
  wanted = then ?? wanted;
  turn.setAttribute("aria-busy", "true");
  turn.querySelector(`button[name=do][value=${action}]`).click();
}

const save = (turn, then = null) => press(turn, "save", then);

// The text that is sent: what stands in the segment now, or, where that was not touched, what the fact says.
function written(turn) {
  const field = turn.querySelector("[data-text]");
  if (field.value !== field.defaultValue) return field.value; // two lines: it is being split
  return isDirty(turn) ? textOf(wordsOf(turn)) : field.defaultValue;
}

function splitAt(turn, caret) {
  const words = wordsOf(turn);
  const text = words.textContent;
  const rest = "unspaced" in words.dataset ? 0 : /^\S*/.exec(text.slice(caret))[0].length;
  const inside = caret > 0 && /\S/.test(text[caret - 1] ?? " ") && rest > 0;
  const at = inside ? caret + rest : caret;
  const [before, after] = [text.slice(0, at).trim(), text.slice(at).trim()];
  if (!before || !after) return say("Put the caret between two words first.");
  turn.querySelector("[data-text]").value = `${before}\n${after}`;
  return press(turn, "save", { last: true });
}

function join(turn) {
  const before = turn.previousElementSibling;
  press(turn, "join", { caret: before && wordsOf(before) ? textOf(wordsOf(before)).length : 0 });
}

function say(text) {
  document.getElementById("turns-said").textContent = text;
}

function goTo(turn) {
  if (!turn || !wordsOf(turn)) return document.querySelector("[data-later]")?.focus();
  putCaret(turn, 0);
  return turn.scrollIntoView({ block: "nearest" });
}

// keys

const toggle = () => (media.paused ? media.play().catch(() => {}) : media.pause());

const withControl = {
  " ": toggle,
  ArrowLeft: () => { media.currentTime -= STEP; },
  ArrowRight: () => { media.currentTime += STEP; },
  Enter: (turn) => save(turn, { next: true }),
};

const alone = {
  Tab: toggle,
  Enter: (turn, caret) => splitAt(turn, caret),
  Escape: (turn) => turn.querySelector("summary").focus(),
};

function onKey(event) {
  const words = event.target.closest?.("[data-words]");
  if (!words) {
    if (event.ctrlKey && event.key === " ") toggle();
    return;
  }
  const [turn, caret] = [turnOf(words), caretIn(words)];
  if (isBusy(turn)) {
    event.preventDefault();
    return;
  }
  const begins = event.key === "Backspace" && caret === 0 && getSelection().isCollapsed;
  const plain = !event.shiftKey && !event.altKey && !event.metaKey;
  const action = plain && (begins ? join : (event.ctrlKey ? withControl : alone)[event.key]);
  if (!action || event.isComposing) return;
  event.preventDefault();
  action(turn, caret);
}

// A form that leaves the page waits until every segment is saved.
function waitForSaving(event) {
  if (event.target.hasAttribute("hx-post") || !unsaved()) return;
  event.preventDefault();
  const { target: form, submitter } = event;
  const goOn = () => { if (!unsaved()) form.requestSubmit(submitter); else wait(); };
  const wait = () => document.addEventListener("htmx:afterSettle", () => setTimeout(goOn), { once: true });
  wait();
}

// life of a segment

function enter(turn) {
  for (const other of document.querySelectorAll("[data-turn][data-open]")) {
    if (other !== turn) close(other);
  }
  turn.dataset.open = "";
  turn.querySelector(".turn-tools").open = true;
}

function close(turn) {
  delete turn.dataset.open;
  turn.querySelector(".turn-tools").open = false;
  if (isDirty(turn) && !isBusy(turn)) save(turn);
}

function settle(turn) {
  open(turn);
  if (wanted?.next) goTo(turn.nextElementSibling);
  else if (wanted) putCaret(turn, wanted.caret ?? 0);
  queueMicrotask(() => { wanted = null; }); // all segments of one answer settle before that
}

function failed({ detail }) {
  const turn = turnOf(detail.elt);
  if (!turn) return;
  wanted = null;
  turn.removeAttribute("aria-busy");
  turn.querySelector("[data-text]").value = turn.querySelector("[data-text]").defaultValue;
  say("This segment was not saved. What you wrote is still here: save it again.");
  turn.dataset.unsaved = "";
}

document.addEventListener("keydown", onKey);
document.addEventListener("submit", waitForSaving, { capture: true });
document.addEventListener("focusin", ({ target }) => { if (turnOf(target)) enter(turnOf(target)); });
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const turn = turnOf(target);
  if (turn && relatedTarget && !turn.contains(relatedTarget)) close(turn);
});
document.addEventListener("selectionchange", () => {
  const words = document.activeElement?.closest("[data-words]");
  if (words) turnOf(words).dataset.caret = caretIn(words) ?? 0;
});
document.addEventListener("change", ({ target }) => {
  if (target.matches(".turn select[name=speaker]") && target.value) {
    press(turnOf(target), "give");
  }
});
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const turn = turnOf(detail.elt);
  if (turn && detail.parameters.has("text")) detail.parameters.set("text", written(turn));
});
document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt.matches("[data-turn]")) settle(detail.elt);
  else detail.elt.querySelectorAll("[data-turn]").forEach(open);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches("[data-earlier], [data-later]") || !unsaved()) return;
  event.preventDefault();
  say("A segment is still being saved. Go on in a moment.");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) detail.elt.closest(".turn.conflict")?.remove();
  else failed({ detail });
});
addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
document.querySelectorAll("[data-turn]").forEach(open);
document.addEventListener("playhead", ({ detail }) => {
  const turns = document.querySelectorAll("[data-turn]");
  const later = document.querySelector("[data-later]");
  const follows = document.querySelector("[data-follow]")?.checked && !media.paused;
  const idle = !document.activeElement?.closest("[data-turn]");
  if (later && follows && idle && detail > Number(turns[turns.length - 1]?.dataset.end)) later.click();
});
