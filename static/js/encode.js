// Encode the next tag: write its address, read it back, put it on record. What was read and could
// not be sent is kept and sent again; a page loaded anew begins with the same tag.
import { offer, Reader, Refused, stage } from "./nfc.js";
import { LOST, send } from "./send.js";

const form = document.querySelector("#next");
const button = document.querySelector("[data-hold]");
const act = button.querySelector("[data-act]");
const { say, complain, note } = stage();
const DIFFERS = "The tag answers with another address. It was not written whole; write it again, or take another one.";
let unsent;

function sheet(entries) {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sent.set("tag", form.elements.tag.value);
  for (const [name, value] of Object.entries(entries)) sent.set(name, value);
  return sent;
}

async function writtenTag() {
  const { address } = form.dataset;
  const reader = new Reader();
  try {
    await reader.listen();
    say("listening", "Hold the tag to the back of the phone.");
    await reader.write(address);
    say("listening", "Written. Keep it there: it is read back.");
    // As a rule the reader hears the tag in the same breath; else it is held there once more.
    const found = reader.last?.read === address ? reader.last : await reader.next();
    if (found.read !== address) throw new Refused(DIFFERS, { spoilt: true });
    return found;
  } finally {
    reader.stop();
  }
}

function show(told, code) {
  note(code);
  document.querySelector("[data-left]").textContent = told.left;
  document.querySelector("[data-ready]").textContent = told.ready;
  if (!told.tag) {
    say("done", "All are written.", "");
    button.hidden = true;
    document.querySelector("[data-by-hand]").closest(".folds").hidden = true;
    return;
  }
  form.elements.tag.value = told.tag;
  form.dataset.address = told.address;
  document.querySelector("[data-shown-address]").textContent = told.address;
  say("done", "Written. Take the next tag.", told.code);
}

async function record(found) {
  const code = document.querySelector("[data-what]").textContent;
  unsent = found;
  const { isTaken, status, told } = await send(form.action, sheet(found)).catch(() => ({ isTaken: false, status: 0 }));
  if (isTaken) {
    unsent = undefined;
    show(told, code);
  } else if (status === 400 && told?.detail) {
    unsent = undefined;
    throw new Refused(told.detail);
  } else {
    throw new Refused(LOST);
  }
}

async function putBack(reason) {
  await send(form.dataset.failed, sheet({ reason })).catch(() => {});
}

button.addEventListener("click", async () => {
  button.disabled = true;
  complain("");
  try {
    await record(unsent ?? (await writtenTag()));
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    if (problem.spoilt) await putBack(problem.message);
    say("wrong", unsent ? "Written, and not on record yet." : "Not written.");
    complain(problem.message);
  } finally {
    button.disabled = false;
    act.textContent = unsent ? "Send it again" : "Write this tag";
  }
});
offer(button);
