// A refused word: told as soon as the draft is saved, and one tap puts an allowed text in its place.
const form = document.querySelector("#draft");

function tell(place, said) {
  const name = place.dataset.words;
  const field = form.elements[name];
  const isRefused = said.trim() !== "";
  if (place.innerHTML.trim() !== said.trim()) place.innerHTML = said;
  if (isRefused) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place.id);
    place.closest("details")?.setAttribute("open", "");
  } else if (field.getAttribute("aria-describedby") === place.id) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

document.addEventListener("bench:saved", (event) => {
  for (const place of document.querySelectorAll("[data-words]")) tell(place, event.detail.words[place.dataset.words] ?? "");
});

form?.addEventListener("click", (event) => {
  const button = event.target.closest('[data-words] button[name^="take_"]');
  if (!button || !form.hasAttribute("data-autosave")) return;
  event.preventDefault();
  const field = form.elements[button.name.replace("take_", "")];
  field.value = button.value;
  field.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
