// The words about saving: when, in the maker's own time, and what is left before signing.
const saved = document.querySelector("[data-saved]");

function tell(moment) {
  const time = new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (saved) saved.textContent = `Saved ${time}.`;
}

const written = saved?.querySelector("time");
if (written) tell(written.dateTime);

document.addEventListener("bench:saved", (event) => {
  tell(event.detail.saved);
  document.querySelector("[data-done]").textContent = event.detail.done;
  document.querySelector("#left").textContent = event.detail.left;
  const size = document.querySelector("[data-size]");
  if (size) size.textContent = event.detail.size;
  const label = document.querySelector("[data-label]");
  // Told aloud only when it changes.
  if (label.textContent !== event.detail.label) label.textContent = event.detail.label;
  document.querySelector("[data-refusals]").innerHTML = event.detail.refusals;
});

document.addEventListener("bench:unsaved", (event) => {
  if (saved) saved.textContent = event.detail;
});
