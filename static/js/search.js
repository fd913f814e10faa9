// The search page: the panel asks as soon as it is changed, arrows step through the hits, films are scrubbed
// under the pointer. Everything here also works as plain links and one form.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;

const box = () => document.getElementById("q");
const items = () => [...document.querySelectorAll("[data-hits] [data-item]")];

// the panel and the text in step

document.addEventListener("change", (event) => {
  event.target.closest("[data-panel]")?.requestSubmit();
});

document.addEventListener("formdata", ({ target, formData }) => {
  if (target.matches("[data-panel]")) formData.set("q", box().value);
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "search") box().value = target.querySelector("[data-panel] [name=q]").value;
});

// stepping

const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const step = steps[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const all = items();
  const here = all.indexOf(event.target);
  if (here < 0) return;
  event.preventDefault();
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});

document.addEventListener("focusin", ({ target }) => {
  const announced = document.querySelector("[data-step]");
  const all = announced ? items() : [];
  const here = all.indexOf(target);
  if (here >= 0) announced.textContent = `${here + 1} of ${all.length} on this page`;
});

// scrubbing

function tile(sheet) {
  const element = document.createElement("span");
  element.className = "sprite scrubbed";
  element.setAttribute("aria-hidden", "true");
  element.style.setProperty("--sheet", `url("${sheet.sheet}")`);
  element.style.setProperty("--columns", sheet.columns);
  element.style.setProperty("--rows", sheet.rows);
  element.style.setProperty("--ratio", Number(sheet.ratio) / 1000);
  return element;
}

function show(element, sheet, share) {
  const index = Math.min(Number(sheet.tiles) - 1, Math.floor(share * Number(sheet.tiles)));
  const [columns, rows] = [Number(sheet.columns), Number(sheet.rows)];
  element.style.setProperty("--x", `${(100 * (index % columns)) / Math.max(1, columns - 1)}%`);
  element.style.setProperty("--y", `${(100 * Math.floor(index / columns)) / Math.max(1, rows - 1)}%`);
}

document.addEventListener("pointermove", (event) => {
  const frame = event.pointerType === "mouse" && event.target.closest("[data-sheet] .frame");
  if (!frame) return;
  const { left, width } = frame.getBoundingClientRect();
  const sheet = frame.closest("[data-sheet]").dataset;
  const fit = frame.querySelector(".fit");
  let scrubbed = fit.querySelector(".scrubbed");
  if (!scrubbed) {
    scrubbed = fit.appendChild(tile(sheet));
    scrubbed.classList.toggle("blurred", fit.querySelector(".blurred") !== null);
    frame.addEventListener("pointerleave", () => scrubbed.remove(), { once: true });
  }
  show(scrubbed, sheet, Math.min(1, Math.max(0, (event.clientX - left) / width)));
});
