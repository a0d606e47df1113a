// One value, one sequence of bytes: RFC 8785, on the subset that certificates are written in.
import { DEPTH_LIMIT, Fraction, isObject } from "./json.js";
import { outOfSubset, tooLarge } from "./refusal.js";

const HALF_A_CHARACTER = /\p{Surrogate}/u;
const NOT_ASCII = /[^\u0000-\u007f]/;
const NO_FORM = "a key is not text, a text holds half a character, or an integer lies beyond 2^53-1";

// Allowed: objects with ASCII keys, lists, NFC text without half characters, integers within
// 2^53-1, true, false, null; nested at most 32 deep.
export function canonicalBytes(value) {
  checkKinds(value);
  const written = write(value);
  if (NOT_ASCII.test(written)) checkTexts(value);
  return new TextEncoder().encode(written);
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function withoutProof(document) {
  const { proof, ...body } = document;
  return body;
}

// The name of a certificate everywhere: SHA-256 of its canonical body without proofs.
export function digestOf(document) {
  return sha256(canonicalBytes(withoutProof(document)));
}

function checkKinds(value) {
  let level = [value];
  for (let depth = 0; level.length; depth++) {
    if (level.some((each) => each instanceof Fraction)) throw outOfSubset("a float cannot be signed; write it as text");
    if (depth === DEPTH_LIMIT && level.some((each) => isObject(each) || Array.isArray(each))) {
      throw tooLarge(`it is nested deeper than ${DEPTH_LIMIT} levels`);
    }
    level = level.flatMap((each) => (isObject(each) ? Object.values(each) : Array.isArray(each) ? each : []));
  }
}

function write(value) {
  if (typeof value === "bigint") throw outOfSubset(NO_FORM);
  if (typeof value === "string") return writeText(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (!isObject(value)) return String(value);
  // RFC 8785 section 3.2.3: sorted by UTF-16 code units, as JavaScript sorts.
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${writeText(name)}:${write(value[name])}`).join(",")}}`;
}

function writeText(text) {
  if (HALF_A_CHARACTER.test(text)) throw outOfSubset(NO_FORM);
  return JSON.stringify(text);
}

function checkTexts(value) {
  if (typeof value === "string" && value.normalize("NFC") !== value) {
    throw outOfSubset("a text is not in Unicode normal form C");
  }
  if (Array.isArray(value)) value.forEach(checkTexts);
  if (!isObject(value)) return;
  if (Object.keys(value).some((name) => NOT_ASCII.test(name))) throw outOfSubset("a key is not plain ASCII");
  Object.values(value).forEach(checkTexts);
}
