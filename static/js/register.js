// A draft saves itself after each change. What cannot be saved yet waits for the button, which says why.
const form = document.querySelector("#draft");
const savesItself = form?.hasAttribute("data-autosave");
const PAUSE = 800;
let timer;
let underWay = Promise.resolve();
let isStale = false;

function say(name, detail) {
  document.dispatchEvent(new CustomEvent(`bench:${name}`, { detail }));
}

function words(button) {
  const sent = new FormData(form);
  // Photographs and evidence go by themselves, each with its own progress.
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  if (button) sent.set(button.name, button.value);
  return sent;
}

async function save(button) {
  if (isStale) return;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: words(button), headers: { Accept: "application/json" },
    });
    const told = await answer.json();
    if (told.section) say("redrawn", { section: told.section, button });
    if (answer.ok && told.revision) {
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

function saveInTurn(button) {
  clearTimeout(timer);
  underWay = underWay.then(() => save(button));
  return underWay;
}

// A button that changes the steps: what it does comes back with the steps drawn anew.
document.addEventListener("bench:act", (event) => saveInTurn(event.detail));

if (form) {
  form.addEventListener("change", (event) => {
    if (!savesItself || event.target.type === "file") return;
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
