// Buttons that put a proposed value into a field: <button data-take="ID OF THE FIELD" data-value="...">.

for (const button of document.querySelectorAll("[data-take]")) {
  const field = document.getElementById(button.dataset.take);
  button.hidden = !field;
  button.addEventListener("click", () => {
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
