// Ask for the list of films again while one is being made; without this script the page reloads.
const list = document.querySelector("[data-films]");
const LOOK_AGAIN = 1500; // milliseconds

async function look() {
  const answer = await fetch(list.dataset.films).catch(() => null);
  // Nothing is taken from under a finger, a keyboard or a film that plays.
  const isBusy = list.contains(document.activeElement) || [...list.querySelectorAll("video")].some((film) => !film.paused);
  if (answer?.ok && !isBusy) list.innerHTML = await answer.text();
  if (waiting()) setTimeout(look, LOOK_AGAIN);
}

function waiting() {
  return Number(list.querySelector("[data-waiting]")?.dataset.waiting ?? 0) > 0;
}

if (list && waiting()) setTimeout(look, LOOK_AGAIN);
