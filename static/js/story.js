// A story plays itself: one scene at a time, fading into the next. A tap on the right or left part,
// a swipe, the arrow keys or the buttons go on and back; the space bar and the button pause.
const story = document.querySelector("[data-story]");
const bar = document.querySelector("[data-bar]");
const scenes = [...(story?.querySelectorAll(".scene") ?? [])];
const pause = bar?.querySelector("[data-pause]");
const [back, on] = [bar?.querySelector("[data-back]"), bar?.querySelector("[data-on]")];
const bead = bar?.querySelector("[data-bead]");
const counter = bar?.querySelector("[data-place]");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const savesData = navigator.connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
const PICTURE_MS = 6500;
const PLATE_MS = 3500;
const WORD_MS = 330; // what a calm reader takes for one word
const FAR_ENOUGH = 48; // CSS pixels a finger travels before it is a swipe
let place = 0;
let isPlaying = false;
let timer;

const wordsOf = (scene) => scene.textContent.trim().split(/\s+/).length;
const lengthOf = (scene) => Math.max(scene.matches(".plate") ? PLATE_MS : PICTURE_MS, 1500 + wordsOf(scene) * WORD_MS);

function show(number) {
  const left = scenes[place];
  place = number;
  const here = scenes[place];
  for (const scene of scenes) {
    scene.classList.toggle("near", scene === here || scene === left);
    scene.classList.toggle("here", scene === here);
    scene.inert = scene !== here;
  }
  // Kept under the new one until that one stands, so that nothing dark shows between them.
  left.style.opacity = left === here ? "" : 1;
  here.style.opacity = "";
  for (const heard of left === here ? [] : left.querySelectorAll("video, audio")) heard.pause();
  setTimeout(() => { if (left !== scenes[place]) { left.style.opacity = ""; left.classList.remove("near"); } }, 1000);
  fetchAhead(here);
  if (!savesData) fetchAhead(scenes[place + 1]);
  back.disabled = place === 0;
  on.disabled = place === scenes.length - 1;
  counter.textContent = `${place + 1} of ${scenes.length}`;
  bead.style.left = `${(100 * place) / Math.max(1, scenes.length - 1)}%`;
  wait();
}

const isHeard = (scene) => [...scene.querySelectorAll("video, audio")].some((each) => !each.paused);

function fetchAhead(scene) {
  const picture = scene?.querySelector("img");
  if (picture) picture.loading = "eager";
}

function wait() {
  clearTimeout(timer);
  if (!isPlaying) return;
  if (place === scenes.length - 1) play(false);
  else if (isHeard(scenes[place])) return;
  else timer = setTimeout(whenReady, lengthOf(scenes[place]));
}

// A slow line is waited for: the next picture fades in when it is there, not before.
async function whenReady() {
  const from = place;
  const picture = scenes[place + 1].querySelector("img");
  fetchAhead(scenes[place + 1]);
  await picture?.decode().catch(() => null);
  if (isPlaying && place === from) show(place + 1);
}

function play(wanted) {
  isPlaying = wanted;
  story.classList.toggle("playing", wanted);
  // While it plays by itself, a reader aloud is not interrupted by every scene.
  story.setAttribute("aria-live", wanted ? "off" : "polite");
  pause.dataset.paused = String(!wanted);
  pause.setAttribute("aria-label", wanted ? "Pause" : "Play");
  wait();
}

function go(number) {
  if (number < 0 || number >= scenes.length) return;
  show(number);
}

function begin() {
  story.classList.add("told");
  story.classList.toggle("saver", savesData);
  story.setAttribute("role", "group");
  story.setAttribute("aria-roledescription", "story");
  story.setAttribute("aria-label", document.querySelector("h1").textContent);
  bar.hidden = false;
  show(Math.max(0, scenes.findIndex((scene) => scene.id && `#${scene.id}` === location.hash)));
  play(!still.matches);
}

if (story && bar) {
  begin();
  back.addEventListener("click", () => go(place - 1));
  on.addEventListener("click", () => go(place + 1));
  pause.addEventListener("click", () => {
    if (!isPlaying && place === scenes.length - 1) show(0);
    play(!isPlaying);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) play(false); });
  still.addEventListener("change", () => { if (still.matches) play(false); });
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const to = { ArrowLeft: place - 1, PageUp: place - 1, ArrowRight: place + 1, PageDown: place + 1, Home: 0, End: scenes.length - 1 }[event.key];
    if (to !== undefined) go(to);
    else if (event.key === " " && !event.target.closest("a, button, video, audio")) play(!isPlaying);
    else return;
    event.preventDefault();
  });
  // A film or a voice is heard out before the story goes on.
  for (const each of ["play", "pause"]) story.addEventListener(each, wait, true);
  let from = null;
  story.addEventListener("pointerdown", (event) => { from = event.isPrimary ? event : null; });
  story.addEventListener("pointercancel", () => { from = null; });
  story.addEventListener("click", (event) => {
    if (event.target.closest("a, video, audio")) return;
    const travelled = from ? event.clientX - from.clientX : 0;
    if (Math.abs(travelled) > FAR_ENOUGH) return; // the swipe below was meant
    go(place + (event.clientX < innerWidth / 3 ? -1 : 1));
  });
  story.addEventListener("pointerup", (event) => {
    const travelled = from ? event.clientX - from.clientX : 0;
    if (Math.abs(travelled) > FAR_ENOUGH && !(visualViewport?.scale > 1)) go(place + (travelled < 0 ? 1 : -1));
  });
}
