// Photographs: seen at once; sent at once, with progress, when the draft is there to hold them.
import { LOST, complain, send } from "./send.js";

const grid = document.querySelector(".shots[role=group]");
const form = grid?.closest("form");
const errors = document.querySelector("[data-photograph-errors]");

function show(input, file) {
  const place = input.closest(".add");
  const picture = new Image();
  picture.alt = "";
  // What this browser cannot draw (HEIC on some) still shows its name.
  picture.onerror = () => picture.remove();
  picture.onload = () => URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
  place.querySelector("img")?.remove();
  place.classList.add("chosen");
  place.append(picture);
  return place;
}

function replaceShots(told) {
  grid.innerHTML = told.shots;
  document.dispatchEvent(new CustomEvent("bench:saved", { detail: told }));
}

async function upload(input, file) {
  const place = show(input, file);
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Sending the photograph");
  place.append(bar);
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sent.set("role", input.name.replace("photograph-", ""));
  sent.set("source", new FormData(form).get("source") ?? "");
  sent.set("photograph", file);
  try {
    const { isTaken, told } = await send(grid.dataset.upload, sent, (part) => { bar.value = part; });
    if (isTaken) {
      complain(errors, told.heard);
      return replaceShots(told);
    }
    complain(errors, told?.detail ?? LOST);
  } catch {
    complain(errors, LOST);
  }
  place.classList.remove("chosen");
  place.querySelectorAll("img, progress").forEach((each) => each.remove());
  input.value = "";
}

grid?.addEventListener("change", (event) => {
  const file = event.target.files?.[0];
  if (!file) return;
  complain(errors, "");
  if (grid.dataset.upload) upload(event.target, file);
  else show(event.target, file);
});

grid?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  event.preventDefault();
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const { isTaken, told } = await send(button.dataset.remove, sent);
    if (isTaken) replaceShots(told);
  } catch {
    complain(errors, LOST);
  }
});
