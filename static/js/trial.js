// Try written tags, one after the other: each reading goes to the site, which says what it proves.
import { offer, Reader, Refused, stage } from "./nfc.js";
import { LOST, send } from "./send.js";

const form = document.querySelector("#next");
const button = document.querySelector("[data-hold]");
const act = button.querySelector("[data-act]");
const anew = document.querySelector("[data-anew]");
const { say, complain, note } = stage();
const HOLD = "Hold a tag to the back of the phone.";
let reader;

function offerAnew(failed) {
  anew.hidden = !failed;
  if (!failed) return;
  anew.elements.tag.value = failed.tag;
  anew.querySelector("[data-anew-code]").textContent = failed.code;
}

async function ask(found) {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(found)) sent.set(name, value);
  const { isTaken, told } = await send(form.action, sent).catch(() => ({ isTaken: false }));
  offerAnew(told?.failed);
  if (!isTaken) throw new Refused(told?.detail ?? LOST);
  document.querySelector("[data-left]").textContent = told.left;
  note(told.code);
  say("done", "Answered. Hold the next one there.", told.code);
}

async function listen() {
  reader = new Reader();
  await reader.listen();
  act.textContent = "Stop";
  say("listening", HOLD);
  const mine = reader;
  while (reader === mine) {
    try {
      const found = await mine.next();
      complain("");
      await ask(found);
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      say("wrong", "That was no good answer.", "");
      complain(problem.message);
    }
  }
}

function stop() {
  reader?.stop();
  reader = undefined;
  act.textContent = "Begin";
  say("", "Lay the tags ready.", "");
}

button.addEventListener("click", async () => {
  if (reader) return stop();
  complain("");
  try {
    await listen();
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    stop();
    complain(problem.message);
  }
});
offer(button);
