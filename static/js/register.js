// A draft saves itself after each change. What cannot be saved yet waits for the button, which says why.
const form = document.querySelector("form[data-autosave]");
const PAUSE = 800;
let timer;
let underWay = Promise.resolve();
let isStale = false;

function say(name, detail) {
  document.dispatchEvent(new CustomEvent(`bench:${name}`, { detail }));
}

function words() {
  const sent = new FormData(form);
  // Photographs go by themselves, each with its own progress.
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  return sent;
}

async function save() {
  if (isStale) return;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: words(), headers: { Accept: "application/json" },
    });
    if (answer.ok) {
      const told = await answer.json();
      form.elements.revision.value = told.revision;
      say("saved", told);
    } else if (answer.status === 409) {
      isStale = true;
      say("unsaved", "Changed on another device. Save to see how.");
    } else {
      say("unsaved", "Not saved yet.");
    }
  } catch {
    say("unsaved", "That did not reach us. Nothing was lost; try again.");
  }
}

function saveInTurn() {
  underWay = underWay.then(save);
  return underWay;
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(saveInTurn, PAUSE);
  });
  // A button must not overtake a saving that is under way: it would look like another device.
  let isReleased = false;
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (isReleased) return;
    event.preventDefault();
    const { submitter } = event;
    // A task of its own: while the first submission still fires, a browser ignores another.
    underWay.then(() => setTimeout(() => {
      isReleased = true;
      form.requestSubmit(submitter);
      isReleased = false;
    }));
  });
}
