// One photograph at a time over the whole screen: arrow keys, a swipe or the buttons go on, Escape
// goes back. Two fingers, a double tap, the wheel with Ctrl, or + and - come closer.
const rows = document.querySelector("[data-viewer]");
const viewer = document.querySelector("dialog.viewer");
const figures = [...(rows?.querySelectorAll("figure:has(a[data-width])") ?? [])];
const shown = viewer?.querySelector("img");
const words = viewer?.querySelector(".says");
const strip = viewer?.querySelector(".strip");
const when = viewer?.querySelector(".when");
const [close, previous, next] = viewer?.querySelectorAll("button") ?? [];
const savesData = navigator.connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
const FAR_ENOUGH = 48; // CSS pixels a finger travels before it is a swipe
const CLOSEST = 5;
const CLOSER = 2.5;
let place = 0;
let view = { scale: 1, x: 0, y: 0 };

// Come closer or go farther, so that the point under the fingers stays under them.
function zoom(scale, at = { x: shown.clientWidth / 2, y: shown.clientHeight / 2 }, moved = { x: 0, y: 0 }) {
  const wanted = Math.min(CLOSEST, Math.max(1, scale));
  const grown = wanted / view.scale;
  view = keepInside({ scale: wanted, x: at.x - (at.x - view.x) * grown + moved.x, y: at.y - (at.y - view.y) * grown + moved.y });
  shown.style.transform = wanted === 1 ? "" : `translate(${view.x}px, ${view.y}px) scale(${wanted})`;
}

function keepInside({ scale, x, y }) {
  const [roomX, roomY] = [shown.clientWidth * (1 - scale), shown.clientHeight * (1 - scale)];
  return { scale, x: Math.min(0, Math.max(roomX, x)), y: Math.min(0, Math.max(roomY, y)) };
}

function source(figure) {
  const link = figure.querySelector("a");
  return savesData ? link.dataset.saver : link.href;
}

function show(number) {
  place = number;
  zoom(1);
  const figure = figures[place];
  const small = figure.querySelector("img");
  const { width, height } = figure.querySelector("a").dataset;
  shown.classList.add("coming");
  shown.width = width;
  shown.height = height;
  shown.alt = small.alt;
  shown.src = source(figure);
  words.textContent = figure.querySelector(".says")?.textContent ?? "";
  strip.textContent = figure.querySelector(".strip")?.textContent ?? "";
  strip.hidden = !strip.textContent;
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
    const closer = { "+": view.scale * 1.5, "=": view.scale * 1.5, "-": view.scale / 1.5, 0: 1 };
    if (closer[event.key]) zoom(closer[event.key]);
    else if (event.key === "Home") show(0);
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

  const fingers = new Map();
  const point = (event) => ({ x: event.clientX - viewer.clientLeft, y: event.clientY });
  let from = null;
  let lastTap = 0;
  shown.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    shown.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, point(event));
    from = fingers.size === 1 ? point(event) : null;
  });
  shown.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    const was = fingers.get(event.pointerId);
    fingers.set(event.pointerId, point(event));
    const now = [...fingers.values()];
    if (now.length === 2) zoom((view.scale * spread(now)) / spread(before), middle(now), apart(middle(now), middle(before)));
    else if (view.scale > 1) zoom(view.scale, was, apart(point(event), was));
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    if (!from || fingers.size) return;
    const travelled = point(event).x - from.x;
    const isTap = Math.abs(travelled) < 8 && Math.abs(point(event).y - from.y) < 8;
    from = null;
    if (isTap && event.timeStamp - lastTap < 300) zoom(view.scale > 1 ? 1 : CLOSER, point(event));
    else if (view.scale === 1 && Math.abs(travelled) > FAR_ENOUGH) go(travelled < 0 ? 1 : -1);
    lastTap = isTap ? event.timeStamp : 0;
  };
  shown.addEventListener("pointerup", lift);
  shown.addEventListener("pointercancel", (event) => { fingers.delete(event.pointerId); from = null; });
  viewer.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(view.scale * Math.exp(-event.deltaY / 100), point(event));
  }, { passive: false });
}

function spread([one, other]) {
  return Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
}

function middle([one, other]) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function apart(here, there) {
  return { x: here.x - there.x, y: here.y - there.y };
}
