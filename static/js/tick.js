// Ticks of the comparison stay on this device: one entry for each piece, never sent anywhere.
const list = document.querySelector("[data-ticks]");
const place = list && `ticks:${list.dataset.ticks}`;

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(place) ?? "[]"));
  } catch {
    return new Set(); // storage closed (private window) or spoilt: begin with nothing ticked
  }
}

function keep(names) {
  try {
    localStorage.setItem(place, JSON.stringify(names));
  } catch {
    // a device that keeps nothing still lets one tick
  }
}

if (list) {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const before = kept();
  for (const box of boxes) box.checked = before.has(box.name);
  list.addEventListener("change", () => keep(boxes.filter((box) => box.checked).map((box) => box.name)));
}
