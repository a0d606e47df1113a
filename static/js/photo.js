// Photographs: seen at once; sent at once, with progress, when the draft is there to hold them.
const grid = document.querySelector(".shots[role=group]");
const form = grid?.closest("form");
const errors = document.querySelector("[data-photograph-errors]");

function complain(text) {
  errors.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = text;
  errors.append(line);
}

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

function send(address, sent, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => resolve({ isTaken: request.status < 400, told: request.response });
    request.onerror = reject;
    request.send(sent);
  });
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
    if (isTaken) return replaceShots(told);
    complain(told?.detail ?? "That did not reach us. Nothing was lost; try again.");
  } catch {
    complain("That did not reach us. Nothing was lost; try again.");
  }
  place.classList.remove("chosen");
  place.querySelectorAll("img, progress").forEach((each) => each.remove());
  input.value = "";
}

grid?.addEventListener("change", (event) => {
  const file = event.target.files?.[0];
  if (!file) return;
  complain("");
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
    const { isTaken, told } = await send(button.dataset.remove, sent, () => {});
    if (isTaken) replaceShots(told);
  } catch {
    complain("That did not reach us. Nothing was lost; try again.");
  }
});
