// Check a certificate on this device: the file is read here and does not leave the page. A browser
// that cannot judge signatures sends the form to the site, as one without scripts does, and is told so.
import { BUNDLE_LIMIT } from "./json.js";
import { canVerify, readFingerprint } from "./keys.js";
import { Refusal } from "./refusal.js";
import { answerOf, ribbonOf, showErrorAt } from "./show.js";
import { askSite, warm } from "./site.js";
import { readFile, verify } from "./verify.js";
import { headlineOf } from "./words.js";

const asking = document.querySelector("[data-asking]");
const form = asking.querySelector("form");
const { file, text, fingerprint } = form.elements;
const drop = form.querySelector(".drop");
const place = document.querySelector("[data-ribbon]");
const busy = asking.querySelector("[data-busy]");
const head = document.querySelector("body > header.bar");
const main = document.querySelector("main");
const title = document.title;
let isHere = false;
let isForSite = false;
let turn = 0;

// A PDF carries its bundle inside, and only the site reads it.
class ForTheSite extends Error {}

class WrongField extends Error {
  constructor(field, words) {
    super(words);
    this.field = field;
  }
}

function tellWhere(where) {
  isHere = where === "device";
  for (const told of asking.querySelectorAll("[data-told]")) {
    told.hidden = !told.dataset.told.split(" ").includes(where);
  }
}

async function check() {
  const mine = ++turn;
  clearErrors();
  busy.hidden = false;
  try {
    const shown = await answer(await handedIn(), trusted());
    if (mine === turn) show(...shown); // unless another file was chosen meanwhile
  } catch (problem) {
    if (problem instanceof WrongField) return showError(problem.field, problem.message);
    if (problem instanceof ForTheSite) return offerToSend();
    // Not a bad file, which has its own words, but something this browser could not do.
    tellWhere("unable");
    showError(file, "Your browser could not check this. Press “Check it”, and it is sent to us.");
  } finally {
    busy.hidden = true;
  }
}

async function answer(found, fingerprints) {
  const { trust, lists, says, asked } = await askSite(asking.dataset.site, found.certificate, fingerprints);
  const at = Date.now();
  const verdict = await verify(found, { trust, lists, now: at, siteSays: says?.findings });
  const spoken = headlineOf(verdict, says);
  return [spoken, answerOf(verdict, spoken, { asked, record: says?.record, at })];
}

async function handedIn() {
  const chosen = file.files[0];
  const field = chosen ? file : text;
  const pasted = text.value.trim();
  if (!chosen && !pasted) throw new WrongField(file, "Choose a file, or paste the text of a certificate.");
  if (chosen && (await isPdf(chosen))) throw new ForTheSite();
  if (chosen?.size > BUNDLE_LIMIT) throw new WrongField(file, "This file is larger than 2 MiB. No certificate is.");
  const bytes = chosen ? await chosen.arrayBuffer() : new TextEncoder().encode(pasted);
  try {
    return await readFile(new Uint8Array(bytes));
  } catch (problem) {
    throw problem instanceof Refusal ? new WrongField(field, whatToDo(problem)) : problem;
  }
}

async function isPdf(chosen) {
  return (await chosen.slice(0, 1024).text()).includes("%PDF-");
}

function offerToSend() {
  isForSite = true;
  showErrorAt(file, "A PDF is read by the site, not by this page. Press “Check it”, and it is sent to us. Or take touchmark-bundle.json out of it and choose that: it stays on this device.");
}

function whatToDo({ code, message }) {
  const told = `This could not be read: ${message}.`;
  if (code === "too_large") return told;
  return `${told} Take the file exactly as it was downloaded, from its first { to its last }.`;
}

function trusted() {
  try {
    return fingerprint.value.trim() ? [readFingerprint(fingerprint.value)] : [];
  } catch {
    fingerprint.closest("details").open = true;
    const words = "A fingerprint has 8 groups of 4, of the digits 0 to 9 and the letters a to f.";
    throw new WrongField(fingerprint, words);
  }
}

function show(spoken, drawn) {
  history.pushState({ isAnswer: true }, "");
  drawn.querySelector('[data-part="again"]').addEventListener("click", () => history.back());
  place.replaceChildren(ribbonOf(spoken));
  head.hidden = true;
  asking.replaceWith(drawn);
  document.title = spoken.title;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function askAgain() {
  if (asking.isConnected) return;
  place.replaceChildren();
  head.hidden = false;
  document.querySelector("[data-answer]").replaceWith(asking);
  document.title = title;
  file.value = ""; // so that the same file can be chosen again
  isForSite = false;
  file.focus();
}

function showError(field, words) {
  showErrorAt(field, words);
  if (field === file) file.value = "";
}

function clearErrors() {
  for (const told of form.querySelectorAll(".error-summary, .error")) told.remove();
  for (const field of [file, text, fingerprint]) field.removeAttribute("aria-invalid");
}

form.addEventListener("submit", (event) => {
  if (!isHere || isForSite) return;
  event.preventDefault();
  check();
});
file.addEventListener("change", () => {
  isForSite = false;
  if (isHere && file.files.length) check();
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  isForSite = false;
  if (isHere) check();
});
addEventListener("popstate", askAgain);

main.tabIndex = -1;
tellWhere((await canVerify()) ? "device" : "unable");
if (isHere) warm();
