// The review queue by keys: every [data-key] in it is pressed, or focused, by its key. Keys that are pressed
// while a decision travels wait for what comes next.
const MOVES = { ArrowRight: 1, j: 1, ArrowLeft: -1, k: -1 };
const pending = [];
let busy = false;

const panel = () => document.getElementById("review");
const cells = () => [...(panel()?.querySelectorAll(".crops input[type=checkbox]") ?? [])];
const writing = (target) => target.closest?.("textarea, select, input:not([type=checkbox])") !== null;

function columns(items) {
  const top = items[0].getBoundingClientRect().top;
  const next = items.findIndex((each) => each.getBoundingClientRect().top > top + 4);
  return next < 0 ? items.length : next;
}

function move(step) {
  const items = cells();
  const here = items.indexOf(document.activeElement);
  const next = here < 0 ? 0 : Math.min(items.length - 1, Math.max(0, here + step));
  items[next].focus();
  items[next].closest("li").scrollIntoView({ block: "nearest" });
}

function step(key) {
  if (!cells().length) return 0;
  if (key === "ArrowDown") return columns(cells());
  if (key === "ArrowUp") return -columns(cells());
  return MOVES[key] ?? 0;
}

function press(target) {
  if (target.matches("summary")) {
    target.parentElement.open = true;
    target.parentElement.querySelector("input:not([type=hidden])").focus();
  } else if (target.matches("input, select")) {
    target.focus();
  } else {
    target.click();
  }
}

function obey(key) {
  const moved = step(key);
  const target = moved ? null : panel()?.querySelector(`[data-key~="${CSS.escape(key)}"]`);
  if (moved) move(moved);
  else if (target) press(target);
  return Boolean(moved || target);
}

function flush() {
  while (pending.length && !busy) obey(pending.shift());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (writing(event.target)) {
    if (event.key === "Escape" && panel()?.contains(event.target)) event.target.blur();
    return;
  }
  if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
  if (busy && event.key.length === 1 && event.key !== " ") pending.push(event.key);
  else if (!obey(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const ours = (event) => event.detail.target?.id === "review";

function tell(messages) {
  document.querySelector("main > .messages")?.replaceChildren(...messages);
}

function fail() {
  busy = false;
  pending.length = 0;
  const told = document.createElement("p");
  told.className = "message error";
  told.textContent = "The server did not answer, so nothing was decided. Try again.";
  tell([told]);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (ours(event)) busy = true;
});

document.addEventListener("htmx:afterSettle", () => {
  const said = panel()?.querySelector("[data-said]");
  if (!said) return;
  busy = false;
  tell(said.querySelectorAll(".message"));
  said.remove();
  const focused = document.activeElement;
  if (!panel().contains(focused) || writing(focused)) panel().querySelector("h1").focus({ preventScroll: true });
  flush();
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (ours(event)) fail();
  });
}
