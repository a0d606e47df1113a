// Music sounds after a tap on its button, never before; it makes room for films and voices.
const place = document.querySelector("[data-music]");
const music = place?.querySelector("audio");
const button = place?.querySelector("button");

function tell() {
  button.setAttribute("aria-pressed", String(!music.paused));
}

if (music && button) {
  music.controls = false;
  button.hidden = false;
  button.addEventListener("click", () => (music.paused ? music.play().catch(tell) : music.pause()));
  music.addEventListener("play", tell);
  music.addEventListener("pause", tell);
  document.addEventListener("play", (event) => { if (event.target !== music) music.pause(); }, true);
  document.addEventListener("visibilitychange", () => { if (document.hidden) music.pause(); });
}
