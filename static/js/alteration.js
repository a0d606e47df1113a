// The label that work would leave, shown while it is typed; nothing is put on record by this.
const form = document.querySelector("form[data-preview]");
const label = document.querySelector("[data-label]");
const caption = document.querySelector("[data-caption]");
const left = document.querySelector("#left");
let asked = 0;
let waiting;

async function preview() {
  const mine = ++asked;
  const typed = new FormData(form);
  typed.set("act", "label");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: typed, headers: { Accept: "application/json" },
    });
    const told = await answer.json();
    if (mine !== asked || !answer.ok) return; // a newer question is on its way, or we are at fault
    label.textContent = told.label;
    caption.textContent = told.caption;
    left.textContent = told.left;
  } catch {
    // The button that shows the label asks again, and says what is wrong.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(preview, 400);
});
if (form?.querySelector('select[name$="-kind"]')) preview();
