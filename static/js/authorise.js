// A form with data-authorise="<act>" and data-digest is sent once a passkey has said that this may be done.
// Without a passkey, or without a script, the form goes as it is and the server says what is missing.
import { get, isPossible, wordsFor } from "./webauthn.js";

async function post(address, token, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.detail), { code: told.code });
  return told;
}

// Ask for an assertion over a digest (64 hex digits); answers {authorisation, act, digest}.
export async function authorise({ act, digest, begin, finish, token }) {
  const { request_options: options } = await post(begin, token, { act, digest });
  return post(finish, token, { credential: await get(options) });
}

for (const form of document.querySelectorAll("form[data-authorise]")) {
  form.addEventListener("submit", async (event) => {
    if (!isPossible() || form.dataset.authorised) return;
    event.preventDefault();
    const place = form.querySelector("[data-told]");
    place.hidden = true;
    try {
      await authorise({
        act: form.dataset.authorise,
        digest: form.dataset.digest,
        begin: form.dataset.begin,
        finish: form.dataset.finish,
        token: form.elements.csrfmiddlewaretoken.value,
      });
      form.dataset.authorised = "yes";
      form.requestSubmit(event.submitter);
    } catch (problem) {
      place.textContent = wordsFor(problem);
      place.hidden = false;
    }
  });
}
