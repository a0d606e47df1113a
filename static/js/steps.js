// The steps of making: buttons act without leaving the page, and what shows a step is sent at once.
import { LOST, complain, send } from "./send.js";

const section = document.querySelector("[data-steps]");
const form = section?.closest("form");
const NOT_SAVED = "This step is not saved yet. See first to the fields that need another look.";

// -- buttons --

function again(button) {
  // Who went on to another field meanwhile is not called back.
  if (!button && document.activeElement !== document.body) return;
  const same = button && section.querySelector(`[name="${button.name}"][value="${CSS.escape(button.value)}"]`);
  (same ?? section.querySelector("h2")).focus({ preventScroll: true });
}

section?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.removeEvidence) {
    event.preventDefault();
    removeEvidence(button);
  } else if (button.type === "submit") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("bench:act", { detail: button }));
  }
});

document.addEventListener("bench:redrawn", (event) => {
  const open = [...section.querySelectorAll("details")].map((each) => each.open);
  const many = open.length;
  section.innerHTML = event.detail.section;
  // What was unfolded stays so, as long as the rows are the same.
  const now = [...section.querySelectorAll("details")];
  if (now.length === many) now.forEach((each, n) => { each.open ||= open[n]; });
  offerWhatFits();
  again(event.detail.button);
  section.dispatchEvent(new Event("steps:renewed", { bubbles: true }));
});

document.addEventListener("bench:saved", (event) => {
  for (const told of event.detail.steps) {
    const row = section.querySelector(`[data-step="${CSS.escape(told.ident)}"]`);
    if (!row) continue;
    row.querySelector("[data-says]").textContent = told.says;
    // A tick ends what was begun here: the page must not send the empty end again.
    const place = row.querySelector("input[type=checkbox]").name.replace("-done", "");
    for (const name of ["started", "finished"]) {
      const field = form.elements[`${place}-${name}`];
      if (field === document.activeElement) continue;
      if (told[name].includes("T")) field.type = "text";
      field.value = told[name];
    }
    // What is ticked was begun long ago.
    const begin = row.querySelector('button[name="begin"]');
    if (begin) begin.hidden = row.querySelector("input[type=checkbox]").checked;
  }
});

// -- only ways of working that fit the kind of step --

function offerFor(kind, control) {
  const isDesign = kind.value.startsWith("design.");
  for (const group of control.querySelectorAll("optgroup")) {
    const fits = kind.value === "" || (group.label === "Design") === isDesign;
    group.disabled = !fits;
    group.hidden = !fits;
  }
}

function pairs() {
  return [...section.querySelectorAll('select[name$="kind"]')].map((kind) => [
    kind, form.elements[kind.name.replace(/kind$/, "control")],
  ]);
}

function offerWhatFits() {
  for (const [kind, control] of pairs()) offerFor(kind, control);
}

section?.addEventListener("change", (event) => {
  const pair = pairs().find(([kind]) => kind === event.target);
  if (!pair) return;
  offerFor(...pair);
  const [, control] = pair;
  if (control.selectedOptions[0]?.closest("optgroup")?.disabled) control.value = "";
});

// -- what shows a step --

async function digestOf(file) {
  if (!globalThis.crypto?.subtle) return "";
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return ""; // a film too large for this phone's memory: the site counts the digest alone
  }
}

async function put(proof, file, more) {
  const place = proof.querySelector("[data-proof-error]");
  complain(place, "");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Sending");
  proof.append(bar);
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sent.set("source", new FormData(form).get("source") ?? "");
  sent.set("sha256", await digestOf(file));
  for (const [name, value] of Object.entries(more)) sent.set(name, value);
  sent.set("evidence", file);
  try {
    const { isTaken, status, told } = await send(proof.dataset.upload, sent, (part) => { bar.value = part; });
    if (isTaken) showEvidence(told);
    else complain(place, status === 404 ? NOT_SAVED : told?.detail ?? LOST);
    return isTaken;
  } catch {
    complain(place, LOST);
    return false;
  } finally {
    bar.remove();
  }
}

function showEvidence(told) {
  const proof = section.querySelector(`[data-proof="${CSS.escape(told.step)}"]:has([data-items])`);
  proof.querySelector("[data-items]").innerHTML = told.evidence;
  document.dispatchEvent(new CustomEvent("bench:saved", { detail: told }));
}

section?.addEventListener("change", async (event) => {
  const input = event.target;
  const file = input.files?.[0];
  if (input.type !== "file" || !file) return;
  const proof = input.closest("[data-proof]");
  const label = input.closest("label").querySelector("span");
  if (!proof.dataset.upload) {
    label.textContent = file.name; // it goes with the form, once there is a draft to hold it
    return;
  }
  const kind = input.name.split("-")[0];
  await put(proof, file, kind === "evidence" ? {} : { kind });
  input.value = "";
});

async function removeEvidence(button) {
  const proof = button.closest("[data-proof]");
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const { isTaken, told } = await send(button.dataset.removeEvidence, sent);
    if (isTaken) showEvidence(told);
    else complain(proof.querySelector("[data-proof-error]"), told?.detail ?? LOST);
  } catch {
    complain(proof.querySelector("[data-proof-error]"), LOST);
  }
}

// A picture that the page took itself (capture.js) goes the same way.
document.addEventListener("bench:captured", async (event) => {
  const { proof, file, more, done } = event.detail;
  done(await put(proof, file, more));
});

if (section) offerWhatFits();
