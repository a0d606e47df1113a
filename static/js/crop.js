// Four corners to draw; the numbers in the form say the same and are what is sent.
const place = document.querySelector("[data-cut]");
const form = document.querySelector("[data-edges]");
const picture = place?.querySelector("img");
const field = (name) => form.elements[name];
const LEAST = 5; // percent, as the form asks
const frame = document.createElement("div");

// Of edges that leave nothing there is no frame to draw; the answer to the form says so.
function draw() {
  const across = field("right").value - field("left").value;
  const down = field("bottom").value - field("top").value;
  frame.hidden = across < LEAST || down < LEAST;
  frame.style.left = `${picture.offsetLeft + (picture.offsetWidth * field("left").value) / 100}px`;
  frame.style.top = `${picture.offsetTop + (picture.offsetHeight * field("top").value) / 100}px`;
  frame.style.width = `${(picture.offsetWidth * across) / 100}px`;
  frame.style.height = `${(picture.offsetHeight * down) / 100}px`;
}

function pull(corner, event) {
  const seen = picture.getBoundingClientRect();
  const x = Math.round((100 * (event.clientX - seen.left)) / seen.width);
  const y = Math.round((100 * (event.clientY - seen.top)) / seen.height);
  const [left, right] = [Number(field("left").value), Number(field("right").value)];
  const [top, bottom] = [Number(field("top").value), Number(field("bottom").value)];
  if (corner.includes("w")) field("left").value = Math.max(0, Math.min(x, right - LEAST));
  else field("right").value = Math.min(100, Math.max(x, left + LEAST));
  if (corner.includes("n")) field("top").value = Math.max(0, Math.min(y, bottom - LEAST));
  else field("bottom").value = Math.min(100, Math.max(y, top + LEAST));
  draw();
}

if (picture && form) {
  frame.className = "frame";
  for (const corner of ["nw", "ne", "sw", "se"]) {
    const handle = document.createElement("span");
    handle.className = `corner ${corner}`;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) pull(corner, event);
    });
    frame.append(handle);
  }
  place.append(frame);
  document.querySelector("[data-cut-hint]").hidden = false;
  form.addEventListener("input", draw);
  new ResizeObserver(draw).observe(picture);
}
