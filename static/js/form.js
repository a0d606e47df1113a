// Go to what needs another look, and send a form once.
const summary = document.querySelector(".error-summary");
const firstWrong = document.querySelector('[aria-invalid="true"]');
firstWrong?.focus({ preventScroll: summary !== null });
summary?.scrollIntoView({ block: "start" });

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
// Coming back with the back button, one may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});
