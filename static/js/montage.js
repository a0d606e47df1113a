// One photograph at a time over the whole screen: arrow keys, a swipe or the buttons go on,
// Escape goes back. Fingers may pinch as everywhere.
const rows = document.querySelector("[data-viewer]");
const viewer = document.querySelector("dialog.viewer");
const figures = [...(rows?.querySelectorAll("figure") ?? [])];
const shown = viewer?.querySelector("img");
const words = viewer?.querySelector(".says");
const when = viewer?.querySelector(".when");
const [close, previous, next] = viewer?.querySelectorAll("button") ?? [];
const savesData = navigator.connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
const FAR_ENOUGH = 48; // CSS pixels a finger travels before it is a swipe
let place = 0;

function source(figure) {
  const link = figure.querySelector("a");
  return savesData ? link.dataset.saver : link.href;
}

function show(number) {
  place = number;
  const figure = figures[place];
  const small = figure.querySelector("img");
  const { width, height } = figure.querySelector("a").dataset;
  shown.classList.add("coming");
  shown.width = width;
  shown.height = height;
  shown.alt = small.alt;
  shown.src = source(figure);
  words.textContent = figure.querySelector(".says")?.textContent ?? "";
  when.textContent = figure.querySelector(".when")?.textContent ?? "";
  previous.hidden = place === 0;
  next.hidden = place === figures.length - 1;
  const following = figures[place + 1];
  if (following && !savesData) new Image().src = source(following);
}

function go(step) {
  const number = place + step;
  if (number < 0 || number >= figures.length) return;
  show(number);
  if (document.activeElement?.hidden) (step < 0 ? next : previous).focus();
}

function open(number) {
  show(number);
  viewer.showModal();
}

if (rows && viewer) {
  shown.addEventListener("load", () => shown.classList.remove("coming"));
  shown.addEventListener("error", () => shown.classList.remove("coming"));
  rows.addEventListener("click", (event) => {
    const figure = event.target.closest("figure");
    // A click with a key held wants a new tab; let it.
    if (!event.target.closest("a") || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(figures.indexOf(figure));
  });
  close.addEventListener("click", () => viewer.close());
  previous.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  viewer.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 };
    if (event.key === "Home") show(0);
    else if (event.key === "End") show(figures.length - 1);
    else if (steps[event.key]) go(steps[event.key]);
    else return;
    event.preventDefault();
  });
  viewer.addEventListener("close", () => {
    const link = figures[place].querySelector("a");
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "nearest" });
  });

  let from = null;
  viewer.addEventListener("touchstart", (event) => {
    from = event.touches.length === 1 && !(visualViewport?.scale > 1) ? event.touches[0].clientX : null;
  }, { passive: true });
  viewer.addEventListener("touchend", (event) => {
    if (from === null) return;
    const travelled = event.changedTouches[0].clientX - from;
    if (Math.abs(travelled) > FAR_ENOUGH) go(travelled < 0 ? 1 : -1);
    from = null;
  });
}
