// The describing form: Ctrl+Enter saves, with Shift it goes on to the next; "Use this" writes a proposal into its box.
const form = document.querySelector("[data-describe]");

function entry(text, quoted) {
  return quoted && /[,;]/.test(text) ? `"${text}"` : text;
}

function use(button) {
  const box = form.elements.namedItem(button.dataset.use);
  const many = "many" in button.dataset;
  const there = many ? box.value.trimEnd() : "";
  const text = entry(button.dataset.text, box.dataset.terms !== undefined);
  box.value = there ? `${there}\n${text}` : text;
  for (const name of ["input", "change"]) box.dispatchEvent(new Event(name, { bubbles: true }));
  button.closest("li").remove();
  (box.hidden ? box.parentElement.querySelector("input") : box).focus();
}

if (form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (!button) return;
    event.preventDefault();
    use(button);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(event.shiftKey ? "[data-save-next]" : "[data-save]"));
  });
}
