// Keywords from vocabularies: a combobox for each [data-terms], as the ARIA Authoring Practices describe it.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
// data-terms="one" fills the field itself; "lines" (one on each line) and any other value (commas or lines, with
// quotation marks around what holds a comma) keep the values as chips. What is sent is what the field holds.
const PAUSE = 120;
const SUGGEST = "/vocabularies/suggest/";
const PIECES = /"([^"\n]*)"|([^,;\n]+)/g;
let made = 0;

function element(name, attributes = {}, ...content) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...content);
  return node;
}

function combobox(input, take, settings) {
  const number = made++;
  const list = element("ul", { role: "listbox", id: `terms-${number}`, class: "term-options", "aria-label": "Suggestions" });
  const count = element("span", { class: "visually-hidden", role: "status" });
  const holder = element("span", { class: "term-combobox" });
  let chosen = -1, waiting = 0, asked = null;
  input.replaceWith(holder);
  holder.append(input, list, count);
  list.hidden = true;
  for (const [key, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(key, value);

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(place) {
    chosen = place;
    options().forEach((option, each) => option.setAttribute("aria-selected", String(each === place)));
    const option = options()[place];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(waiting);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  async function ask() {
    asked?.abort();
    if (!input.value.trim()) return close();
    asked = new AbortController();
    const query = new URLSearchParams({ q: input.value.trim() });
    for (const name of ["library", "vocabulary"]) if (settings[name]) query.set(name, settings[name]);
    try {
      const answer = await fetch(`${settings.suggest ?? SUGGEST}?${query}`, { headers: { Accept: "text/html" }, signal: asked.signal });
      if (answer.ok && !answer.redirected) show(await answer.text());
      else close();
    } catch (problem) {
      if (problem.name !== "AbortError") close();
    }
  }

  function show(html) {
    list.innerHTML = html;
    options().forEach((option, each) => (option.id = `${list.id}-${each}`));
    const found = options().length;
    list.hidden = !found || document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!list.hidden));
    count.textContent = list.hidden ? "" : `${found} suggestion${found === 1 ? "" : "s"}`;
    choose(-1);
  }

  function enter(value) {
    close();
    take(value);
  }

  async function step(by) {
    if (list.hidden) await ask();
    const places = options().length + 1;
    if (!list.hidden) choose(((chosen + 1 + by + places) % places) - 1);
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => (list.hidden ? false : close()),
    Enter: () => {
      if (!list.hidden && chosen >= 0) enter(options()[chosen].dataset.text);
      else return settings.many && input.value.trim() ? enter(input.value) : false;
    },
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) enter(option.dataset.text);
  });
}

function chips(field) {
  const byLine = field.dataset.terms === "lines";
  const input = element("input", { id: field.id, type: "text", maxlength: "300", class: "term-input" });
  const list = element("ul", { class: "term-chips" });
  const told = element("span", { class: "visually-hidden", role: "status" });
  const described = field.getAttribute("aria-describedby");
  if (described) input.setAttribute("aria-describedby", described);
  if (field.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  field.removeAttribute("id");
  field.required = false;
  field.hidden = true;
  field.after(list, input, told);

  const read = () => (byLine ? field.value.split("\n") : [...field.value.matchAll(PIECES)].map((each) => each[1] ?? each[2]))
    .map((each) => each.trim()).filter(Boolean);
  const written = (value) => (!byLine && /[,;]/.test(value) ? `"${value.replaceAll('"', "")}"` : value);
  let own = false;

  function write(values) {
    field.value = values.map(written).join("\n");
    own = true;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    own = false;
    draw();
  }

  function draw() {
    list.replaceChildren(...read().map((value) => {
      const button = element("button", { type: "button", "aria-label": `Remove ${value}` }, "×");
      button.addEventListener("click", () => remove(value));
      return element("li", {}, value, button);
    }));
  }

  function remove(value) {
    write(read().filter((each) => each !== value));
    told.textContent = `${value} removed`;
    input.focus();
  }

  function add(text) {
    const fresh = byLine ? [text] : [...text.matchAll(PIECES)].map((each) => each[1] ?? each[2]);
    const values = read();
    const known = new Set(values.map((each) => each.toLowerCase()));
    const added = fresh.map((each) => each.trim()).filter((each) => each && !known.has(each.toLowerCase()));
    input.value = "";
    if (added.length) write([...values, ...added]);
    told.textContent = added.length ? `${added.join(", ")} added` : "It is there already";
  }

  combobox(input, add, { ...field.dataset, many: true });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && !input.value && read().length) {
      event.preventDefault();
      remove(read().pop());
    }
    if (event.key === "," && !byLine && input.value.trim() && !input.value.trim().startsWith('"')) {
      event.preventDefault();
      add(input.value);
    }
  });
  input.addEventListener("blur", () => input.value.trim() && add(input.value));
  field.form?.addEventListener("submit", () => input.value.trim() && add(input.value), { capture: true });
  field.addEventListener("change", () => own || draw());
  draw();
}

for (const field of document.querySelectorAll("[data-terms]")) {
  if (field.dataset.terms === "one") combobox(field, (text) => (field.value = text), { ...field.dataset });
  else chips(field);
}
