// Suggestions below the search box: a combobox with a list, as the ARIA Authoring Practices describe it.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const list = document.querySelector("[data-suggestions]");
const box = list?.closest("form").querySelector("input[name=q]");
const count = document.querySelector("[data-suggestions-count]");
const PAUSE = 120;

let chosen = -1;
let waiting = 0;
let asked = null;
let isFresh = false;

const options = () => [...list.querySelectorAll("[role=option]")];
const isOpen = () => !list.hidden;

// The server counts characters, a text field counts UTF-16 units.
const characters = (text, units) => [...text.slice(0, units)].length;
const units = (text, characters) => [...text].slice(0, characters).join("").length;

function rest() {
  clearTimeout(waiting);
  asked?.abort();
}

function close() {
  rest();
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  choose(-1);
}

function choose(place) {
  chosen = place;
  options().forEach((option, each) => option.setAttribute("aria-selected", String(each === place)));
  const option = options()[place];
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

async function ask() {
  rest();
  asked = new AbortController();
  const query = new URLSearchParams({ q: box.value, at: characters(box.value, box.selectionStart) });
  try {
    const answer = await fetch(`${list.dataset.suggestions}?${query}`, { headers: { Accept: "text/html" }, signal: asked.signal });
    if (answer.ok && !answer.redirected) show(await answer.text());
    else close();
  } catch (problem) {
    if (problem.name !== "AbortError") close();
  }
}

function show(html) {
  list.innerHTML = html;
  isFresh = true;
  const found = options().length;
  list.hidden = !found || document.activeElement !== box;
  box.setAttribute("aria-expanded", String(isOpen()));
  count.textContent = isOpen() ? `${found} suggestion${found === 1 ? "" : "s"}` : "";
  choose(-1);
}

function take(option) {
  const { text, caret, sort } = option.dataset;
  box.value = text;
  box.setSelectionRange(units(text, Number(caret)), units(text, Number(caret)));
  close();
  if (sort === "saved" || sort === "recent") box.form.requestSubmit();
  else if (sort === "field") ask();
}

// What is shown may still belong to what was typed before: then it is asked anew, and the first or last chosen.
async function step(by) {
  if (!isOpen() || !isFresh) await ask();
  if (!isOpen() || !isFresh) return;
  const places = options().length + 1;
  choose(((chosen + 1 + by + places) % places) - 1);
}

const keys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => (isOpen() && chosen >= 0 ? take(options()[chosen]) : false),
  Escape: () => (isOpen() ? close() : false),
};

function start() {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => {
    rest();
    isFresh = false;
    waiting = setTimeout(ask, PAUSE);
  });
  box.addEventListener("focus", () => box.value || ask());
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  box.form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

if (box) start();
