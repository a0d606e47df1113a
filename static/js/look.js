// The preview follows what is chosen; nothing is saved before "Save".
const form = document.querySelector("[data-look]");
const frame = document.querySelector("[data-preview]");

if (form && frame) {
  form.addEventListener("change", () => {
    const chosen = new FormData(form);
    const query = new URLSearchParams({ template: chosen.get("template"), theme: chosen.get("theme") });
    // Replaced, so that "back" leaves the page and does not walk through every look.
    frame.contentWindow.location.replace(`${frame.dataset.preview}?${query}`);
  });
}
