// A form with data-passkey carries what the device answers: a new passkey, or a signature of one.
import { create, get, isPossible, wordsFor } from "./webauthn.js";

const NOT_HERE = "Passkeys need https and a browser that knows them. Here they cannot work.";

async function options(form) {
  const written = document.getElementById("passkey-options");
  if (form.dataset.passkey !== "login") return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new TypeError();
  return answer.json();
}

async function ask(form) {
  const told = await options(form);
  const credential = form.dataset.passkey === "create"
    ? await create(told.creation_options)
    : await get(told.request_options);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

function say(form, words) {
  const place = form.querySelector("[data-told]");
  place.textContent = words;
  place.hidden = !words;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  if (!isPossible()) {
    button.disabled = true;
    say(form, NOT_HERE);
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    button.disabled = true;
    await ask(form).catch((problem) => {
      button.disabled = false;
      say(form, wordsFor(problem));
    });
  });
}
// Coming back with the back button, one may ask again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
