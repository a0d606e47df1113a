// A signed document: read its parts, and check each of its proofs (vc-di-eddsa, eddsa-jcs-2022).
import { canonicalBytes, sha256, withoutProof } from "./canonical.js";
import { isObject, isSame } from "./json.js";
import { base58, verifySignature } from "./keys.js";
import { badProof, malformed } from "./refusal.js";

export const CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2";
export const CERTIFICATE_TYPES = ["VerifiableCredential", "JewelryCertificate"];
export const PURPOSES = ["revocation", "suspension", "refresh"];
export const CLOCK_SKEW = 300_000;
const STATUS_ENTRY = "BitstringStatusListEntry";
const CRYPTOSUITE = "eddsa-jcs-2022";
const MOST_PROOFS = 8;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const MINUTE = 60_000;
const FIRST_MOMENT = Date.parse("0001-01-01T00:00:00Z");
const END_OF_TIME = Date.parse("+010000-01-01T00:00:00Z");

export function proofsOf(document, most = MOST_PROOFS) {
  const proofs = Array.isArray(document.proof) ? document.proof : [document.proof];
  if (!proofs.length || !proofs.every(isObject)) throw malformed("it carries no proof");
  if (proofs.length > most) throw malformed(`it carries more than ${most} proofs`);
  return proofs;
}

// Throws a Refusal where the proof does not hold; says nothing about whose key it is.
export async function verifyProof(document, proof, publicKey) {
  const signature = signatureOf(proof);
  checkOptions(document, proof);
  const { proofValue, ...options } = proof;
  // The hash of the options comes first: vc-di-eddsa section 3.3.4.
  const hashes = [await sha256(canonicalBytes(options)), await sha256(canonicalBytes(withoutProof(document)))];
  await verifySignature(publicKey, signature, Uint8Array.from(hashes.flatMap((hash) => [...hash])));
}

export function textOf(document, name, inner) {
  const value = inner ? (isObject(document[name]) ? document[name][inner] : undefined) : document[name];
  if (typeof value !== "string") throw malformed(`its ${inner ?? name} is missing`);
  return value;
}

export function issuerOf(document) {
  return typeof document.issuer === "string" ? document.issuer : textOf(document, "issuer", "id");
}

export function subjectOf(document) {
  return isObject(document.credentialSubject) ? document.credentialSubject : {};
}

export function makerOf(document) {
  const { maker } = subjectOf(document);
  return isObject(maker) ? maker : {};
}

// Whether a certificate names one place in a list for each purpose, and nothing else.
export function namesItsPlaces({ credentialStatus: places }) {
  if (!Array.isArray(places) || !places.every(isObject)) return false;
  const purposes = places.map((place) => place.statusPurpose);
  return (
    places.length === PURPOSES.length &&
    PURPOSES.every((purpose) => purposes.includes(purpose)) &&
    places.every((place) => place.type === STATUS_ENTRY)
  );
}

export function methodOf(proof) {
  return textOf(proof, "verificationMethod");
}

export function controllerOf(proof) {
  return methodOf(proof).split("#")[0];
}

// An RFC 3339 timestamp with its offset, in milliseconds since 1970.
export function readTime(value) {
  const found = typeof value === "string" && TIME.exec(value);
  if (!found) throw malformed("a date is not written as RFC 3339 says");
  const [, local, fraction = "", sign, hours, minutes] = found;
  const whole = Date.parse(`${local}Z`);
  // A day or an hour that does not exist is not written back as it came.
  const exists = whole >= FIRST_MOMENT && new Date(whole).toISOString().startsWith(local);
  const offset = sign ? (Number(hours) * 60 + Number(minutes)) * MINUTE * (sign === "+" ? 1 : -1) : 0;
  const moment = whole - offset + Number(fraction.padEnd(6, "0")) / 1000;
  if (!exists || Math.abs(offset) >= 24 * 60 * MINUTE || moment < FIRST_MOMENT || moment >= END_OF_TIME) {
    throw malformed("a date does not exist");
  }
  return moment;
}

export function minuteOf(moment) {
  return moment === null ? "an unknown moment" : `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function signatureOf(proof) {
  const value = proof.proofValue;
  if (typeof value !== "string" || value[0] !== "z") {
    throw badProof("the proof value is not base58 text with its z in front");
  }
  try {
    return base58(value.slice(1));
  } catch {
    throw badProof("the proof value is not base58");
  }
}

function checkOptions(document, proof) {
  if (proof.type !== "DataIntegrityProof" || proof.cryptosuite !== CRYPTOSUITE) {
    throw badProof(`the proof is not of the kind ${CRYPTOSUITE}`);
  }
  if (proof.proofPurpose !== "assertionMethod") throw badProof("the proof was made for another purpose");
  if ("previousProof" in proof) throw badProof("the proof hangs on another proof, and we have no proof chains");
  if ("@context" in proof && !isSame(proof["@context"], document["@context"])) {
    // The standard allows a beginning; then a stranger could append a context that gives our
    // words another meaning, and the signature would still hold.
    throw badProof("the proof was made under other contexts than the document names");
  }
}
