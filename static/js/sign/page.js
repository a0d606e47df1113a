// Sign on this page with a key of the maker's own. The key file and its passphrase are read here and
// stay here; the proof goes into the form that brings proofs from elsewhere, and that form is sent.
// A browser that cannot, and one without scripts, keeps that form and is told so.
import { canVerify, fingerprint } from "../verify/keys.js";
import { Refusal } from "../verify/refusal.js";
import { showErrorAt } from "../verify/show.js";
import { LARGEST_KEY_FILE, openKeyFile, readKeyFile } from "./keyfile.js";
import { createProof, proofFile, sheetFile } from "./proof.js";
import { readBody, readSheet } from "./statement.js";

const FEW = 4;

const section = document.querySelector("[data-sign]");
const form = section.querySelector("form");
const status = form.querySelector("[data-status]");
const key = document.querySelector("#own-key");
const passphrase = document.querySelector("#own-passphrase");
const elsewhere = document.querySelector("[data-elsewhere]");
const outgoing = document.querySelector("form[data-proof]");
const isSheet = section.dataset.kind === "sheet";
let statements = [];
let isBusy = false;

class WrongField extends Error {
  constructor(field, words) {
    super(words);
    this.field = field;
  }
}

async function begin() {
  if (!(await canVerify())) {
    document.querySelector("[data-unable]").hidden = false;
    return;
  }
  try {
    statements = await whatIsSigned();
  } catch (problem) {
    tellUnread(problem);
    return;
  }
  showStatements();
  section.hidden = false;
  // What the site refused of a proof stands there.
  elsewhere.open = outgoing.querySelector(".error") !== null;
}

// The very bytes that a maker would take along.
async function whatIsSigned() {
  const answer = await fetch(section.dataset.sign, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new TypeError(`answered with ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return isSheet ? readSheet(bytes) : [readBody(bytes)];
}

function tellUnread(problem) {
  const place = document.querySelector("[data-unread]");
  place.textContent =
    problem instanceof Refusal
      ? `This cannot be signed here: ${problem.message}.`
      : "What there is to sign could not be fetched. Open this page again.";
  place.hidden = false;
}

function showStatements() {
  const [first, ...more] = statements;
  const told = more.length ? `You sign ${statements.length} certificates.` : first.told;
  section.querySelector("[data-statement]").textContent = told;
  if (!more.length) return;
  const each = section.querySelector("[data-each]");
  each.querySelector("ul").append(...statements.map(lineOf));
  each.querySelector("details").open = statements.length < FEW;
  each.hidden = false;
}

function lineOf({ told }) {
  const line = document.createElement("li");
  line.textContent = told;
  return line;
}

async function sign() {
  clearErrors();
  tell("Opening your key.");
  try {
    const opened = await openedKey();
    tell("Signing.");
    const written = await writtenProofs(opened);
    form.reset();
    tell("Signed. The signature is on its way.");
    hand(written);
  } catch (problem) {
    tell("");
    showProblem(await problemAtField(problem));
  }
}

async function openedKey() {
  const [chosen] = key.files;
  if (!chosen) throw new WrongField(key, "Choose the file with your key.");
  if (!passphrase.value) throw new WrongField(passphrase, "Type the passphrase of your key.");
  const typed = passphrase.value;
  passphrase.value = "";
  // Of a file that is too large just so much is read that its size refuses it.
  const bytes = new Uint8Array(await chosen.slice(0, LARGEST_KEY_FILE + 1).arrayBuffer());
  return openKeyFile(readKeyFile(bytes), typed);
}

// All or none, as the program does.
async function writtenProofs(opened) {
  const created = new Date();
  const proofs = [];
  for (const each of statements) proofs.push(await createProof(each, opened, created));
  return isSheet ? sheetFile(statements, proofs) : proofFile(proofs[0]);
}

function hand(written) {
  const [name, type] = isSheet ? ["proofs.jsonl", "application/jsonl"] : ["proof.json", "application/json"];
  const parcel = new DataTransfer();
  parcel.items.add(new File([written], name, { type }));
  outgoing.elements.file.files = parcel.files;
  outgoing.requestSubmit();
}

async function problemAtField(problem) {
  if (problem instanceof WrongField) return problem;
  if (!(problem instanceof Refusal)) {
    return new WrongField(key, "Your browser could not do this. Choose the file again, or sign with the program.");
  }
  if (problem.code === "key_locked") return new WrongField(passphrase, problem.message);
  if (problem.code !== "another_key") return new WrongField(key, problem.message);
  const wanted = await fingerprint(statements[0].publicKey);
  return new WrongField(key, `This is another key. Choose the file of the one with the fingerprint ${wanted}.`);
}

function showProblem({ field, message }) {
  passphrase.value = "";
  if (field === key) key.value = ""; // so that the same file can be chosen again
  showErrorAt(field, message);
}

function clearErrors() {
  for (const told of form.querySelectorAll(".error")) told.remove();
  for (const field of [key, passphrase]) {
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", `${field.id}_helptext`);
  }
}

function tell(words) {
  status.textContent = words;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  await sign();
  isBusy = false;
});
// Neither is left behind on a page that waits for the back button.
addEventListener("pagehide", () => form.reset());

begin();
