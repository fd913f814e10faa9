// Keeps what is typed into any form with data-draft="KEY" in this browser until the server has it, and offers
// it back: a dropped connection or a closed window loses nothing. The server says that it has it by a cookie.
const STORE = "draft:";
const PAUSE = 300;

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(STORE + key));
  } catch {
    return null;
  }
}

function keep(key, draft) {
  try {
    if (draft) localStorage.setItem(STORE + key, JSON.stringify(draft));
    else localStorage.removeItem(STORE + key);
  } catch { /* a browser that keeps nothing still sends the form */ }
}

const written = (form) => [...form.elements].filter((box) => box.name && box.matches("textarea, select, input:not([type=hidden], [type=file], [type=password], [type=radio], [type=checkbox])"));

const textsOf = (form) => Object.fromEntries(written(form).map((box) => [box.name, box.value]));

function forgetSaved(key) {
  const name = `draft-saved-${key}`;
  if (!document.cookie.split("; ").some((each) => each.startsWith(`${name}=`))) return;
  keep(key, null);
  document.cookie = `${name}=; Max-Age=0; path=/; SameSite=Lax`;
}

function element(name, properties, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function putBack(form, texts) {
  for (const box of written(form)) {
    if (!(box.name in texts) || box.value === texts[box.name]) continue;
    box.value = texts[box.name];
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offer(form, key, draft) {
  const when = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const back = element("button", { type: "button", textContent: "Put it back" });
  const drop = element("button", { type: "button", className: "quiet", textContent: "Throw it away" });
  const bar = element("div", { className: "message draft-offer" }, [
    element("p", { textContent: `What you typed here on ${when} was not saved.` }),
    element("p", { className: "actions" }, [back, drop]),
  ]);
  bar.setAttribute("role", "status");
  back.addEventListener("click", () => { putBack(form, draft.texts); bar.remove(); });
  drop.addEventListener("click", () => { keep(key, null); bar.remove(); });
  form.insertAdjacentElement("beforebegin", bar); // a field may be called "before"
}

function watch(form) {
  const key = form.dataset.draft;
  forgetSaved(key);
  const first = textsOf(form);
  const draft = kept(key);
  const differs = draft && Object.entries(draft.texts).some(([name, text]) => name in first && first[name] !== text);
  if (differs) offer(form, key, draft);
  else if (draft) keep(key, null);
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(key, { at: Date.now(), texts: textsOf(form) }), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(key, { at: Date.now(), texts: textsOf(form) });
  });
}

for (const form of document.querySelectorAll("form[data-draft]")) watch(form);
