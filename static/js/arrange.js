// Arranging a collection: rows are dragged by their pictures; the buttons of each row do the same without this.
const list = document.querySelector("[data-arrange]");
let dragged = null;
let home = null;

const token = () => list.querySelector("[name=csrfmiddlewaretoken]").value;
const lastOnPage = () => document.querySelector(".pager a[href*=after]:last-child") !== null;

function renumber() {
  const first = Number(list.start);
  [...list.children].forEach((row, index) => {
    row.querySelector("[data-place]").textContent = first + index;
    row.querySelector("[name=place]").value = first + index;
  });
}

async function send(row) {
  const next = row.nextElementSibling;
  const body = new URLSearchParams({ asset: row.dataset.asset, csrfmiddlewaretoken: token() });
  if (next) body.set("before", next.dataset.asset);
  else if (lastOnPage()) body.set("to", String(Number(list.start) + list.children.length - 1));
  else body.set("before", "");
  const response = await fetch(list.dataset.arrange, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  if (!response.ok || response.redirected) throw new Error(response.statusText);
  return response.text();
}

function tell(html) {
  document.querySelector(".messages").outerHTML = html;
}

function putBack(row, before) {
  list.insertBefore(row, before);
  renumber();
  tell('<div class="messages" role="status"><p class="message error"><span>It could not be moved: the server did not answer. Try again.</span></p></div>');
}

async function dropped() {
  const [row, before] = [dragged, home];
  row.classList.remove("dragged");
  dragged = null;
  if (row.nextElementSibling === before) return;
  renumber();
  try {
    tell(await send(row));
  } catch {
    putBack(row, before);
  }
}

function over(event) {
  const row = dragged && event.target.closest("[data-asset]");
  if (!dragged) return;
  event.preventDefault();
  if (!row || row === dragged) return;
  const { top, height } = row.getBoundingClientRect();
  list.insertBefore(dragged, event.clientY < top + height / 2 ? row : row.nextElementSibling);
}

if (list) {
  for (const handle of list.querySelectorAll("[data-handle]")) {
    handle.draggable = true;
    for (const picture of handle.querySelectorAll("img")) picture.draggable = false;
  }
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-asset]");
    home = dragged.nextElementSibling;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 20, 20);
  });
  list.addEventListener("dragover", over);
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", dropped);
}
