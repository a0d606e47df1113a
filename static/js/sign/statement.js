// What a maker's own key signs, in the words and under the rules of `python -m provenance sign`: a
// certificate or the challenge of a key, and only with the key that it names of its very maker.
import { canonicalBytes, withoutProof } from "../verify/canonical.js";
import { CERTIFICATE_TYPES, makerOf, subjectOf, textOf } from "../verify/credential.js";
import { isObject, isSame, parseObject } from "../verify/json.js";
import { readMultikey } from "../verify/keys.js";
import { badKey, malformed } from "../verify/refusal.js";

const CHALLENGE_TYPES = ["KeyPossession"];
const OF_ANOTHER = "the key is not one of the maker that the document names";
const STEERS_OR_HIDES = /[\p{C}\p{Z}]/gu;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

// One prepared file: {document, named, publicKey, told}. Throws a Refusal for what is not signed.
export function readBody(bytes) {
  const document = withoutProof(parseObject(bytes));
  const told = toldOf(document);
  return statement(document, keyNamedBy(document), told);
}

// A sheet of earlier certificates, each with the name of the new key: a list of the same.
export function readSheet(bytes) {
  return linesOf(bytes).map(readLine);
}

function readLine(line) {
  const { document, key } = parseObject(line);
  if (!isObject(document) || typeof key !== "string") {
    throw malformed("a line holds a document and the key to sign it with");
  }
  if (controller(key) !== makerOf(document).id) throw badKey(OF_ANOTHER);
  const body = withoutProof(document);
  return statement(body, key, toldOf(body));
}

function statement(document, named, told) {
  if (!Object.hasOwn(document, "@context")) throw malformed("a document without its contexts cannot be signed");
  canonicalBytes(document); // refuses what lies outside the subset before anything is shown or opened
  return { document, named, told, publicKey: readMultikey(named.slice(controller(named).length + 1)) };
}

// The key that this very kind of document names, and no other member of it.
function keyNamedBy(document) {
  const { key, id } = isChallenge(document)
    ? { key: document.key, id: document.maker }
    : { key: makerOf(document).key, id: makerOf(document).id };
  if (typeof key !== "string") throw malformed("the file names no key of its maker");
  if (controller(key) !== id) throw badKey(OF_ANOTHER);
  return key;
}

// Nobody signs what they did not see: one line says what this is.
function toldOf(document) {
  if (isChallenge(document)) return seen(`You show that this key is yours, to ${textOf(document, "maker")}.`);
  if (!isSame(CERTIFICATE_TYPES, document.type)) {
    throw malformed("the file is neither a certificate nor a challenge; nothing is signed");
  }
  const title = textOf(subjectOf(document), "name");
  return seen(`You sign: ${title}, ${textOf(document, "id")}, dated ${textOf(document, "validFrom")}.`);
}

function isChallenge({ type }) {
  return isSame(CHALLENGE_TYPES, type);
}

function controller(key) {
  return key.split("#")[0];
}

// What steers or hides becomes a question mark.
function seen(text) {
  return text.replace(STEERS_OR_HIDES, (letter) => (letter === " " ? letter : "?"));
}

// What stands between line ends, in bytes: whether it is UTF-8 is for the reader of JSON to say.
function linesOf(bytes) {
  const lines = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== NEWLINE && bytes[at] !== RETURN) continue;
    lines.push(bytes.subarray(start, at));
    if (bytes[at] === RETURN && bytes[at + 1] === NEWLINE) at++;
    start = at + 1;
  }
  return start < bytes.length ? [...lines, bytes.subarray(start)] : lines;
}
