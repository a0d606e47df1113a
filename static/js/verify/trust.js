// Whom this page believes: keys it already holds, and keys that merely came with a file.
import { CLOCK_SKEW, controllerOf, methodOf, proofsOf, readTime, verifyProof } from "./credential.js";
import { isObject } from "./json.js";
import { fingerprint, readMultikey } from "./keys.js";
import { malformed, Refusal } from "./refusal.js";

const LOG_SERVICE = "TransparencyLog";
// As long as a status list: whoever was told yesterday which keys are good must ask again today,
// or a key that was stolen since would live on in what was said before the theft.
const VOUCHED_FOR = 24 * 60 * 60_000;
const MOST_KEYS = 256;

export class Trust {
  // documents: DID documents that are believed; fingerprints: of keys that are believed;
  // supplied: DID documents that somebody merely handed over.
  constructor({ documents = [], fingerprints = [], supplied = [] } = {}) {
    this.documents = documents;
    this.fingerprints = new Set(fingerprints);
    this.supplied = supplied;
  }

  documentOf(did) {
    return this.documents.find((document) => document.did === did) ?? null;
  }

  // The key that a verification method names, or null. Believed documents alone decide for their
  // DID, and the worst that one of them says of a key counts. Without one, a supplied document or
  // the method's own Multikey gives the key, and only its fingerprint can make it trusted; whatever
  // else such a document says of it, for it or against it, is a stranger's word.
  async keyOf(method) {
    const did = method.split("#")[0];
    const believed = this.documents.filter((document) => document.did === did);
    if (believed.length) return listed(believed, method);
    const handed = this.supplied.find((document) => document.did === did && document.keys.has(method));
    const found = handed ? unvouched(handed.keys.get(method)) : await spelledOut(method);
    return found && this.fingerprints.has(found.fingerprint) ? { ...found, isTrusted: true } : found;
  }

  // Believe also the supplied documents that a trusted key of this issuer signed of late: its own,
  // so that a key known from an old card leads to the keys that followed it, and then those of the
  // names beneath it, its makers.
  async vouchedBy(issuer, now) {
    let trust = this;
    const waiting = this.supplied.filter((document) => document.did === issuer);
    for (let found; (found = await trust.firstSigned(issuer, waiting, now)); ) {
      waiting.splice(waiting.indexOf(found), 1);
      trust = trust.with(found);
    }
    const beneath = this.supplied.filter((document) => document.did.startsWith(`${issuer}:`));
    const signed = await Promise.all(beneath.map((document) => trust.hasSigned(issuer, document, now)));
    return trust.with(...beneath.filter((_, n) => signed[n]));
  }

  with(...documents) {
    return new Trust({ ...this, documents: [...this.documents, ...documents] });
  }

  async firstSigned(issuer, documents, now) {
    for (const document of documents) if (await this.hasSigned(issuer, document, now)) return document;
    return null;
  }

  async hasSigned(issuer, document, now) {
    try {
      for (const proof of proofsOf(document.source)) {
        if (await this.isSigned(issuer, document.source, proof, now)) return true;
      }
    } catch (problem) {
      forgive(problem);
    }
    return false;
  }

  async isSigned(issuer, source, proof, now) {
    try {
      const isTheirs = controllerOf(proof) === issuer && isOfLate(proof, now);
      const key = isTheirs ? await this.keyOf(methodOf(proof)) : null;
      if (!key?.isTrusted || !key.isCurrent) return false;
      await verifyProof(source, proof, key.publicKey);
      return true;
    } catch (problem) {
      return forgive(problem);
    }
  }
}

// What a DID document says to a verifier: its keys by verification method, which of them may
// assert, since when nothing of the stolen ones may be believed, and where its log is.
export async function readDidDocument(document) {
  if (!isObject(document) || typeof document.id !== "string") throw malformed("it is not a DID document");
  const methods = listIn(document, "verificationMethod");
  if (methods.length > MOST_KEYS) throw malformed(`the DID document holds more than ${MOST_KEYS} keys`);
  const keys = new Map();
  for (const method of methods) keys.set(...(await readMethod(document.id, method)));
  const asserting = listIn(document, "assertionMethod");
  const stolen = methods.filter((method) => "revoked" in method);
  const revoked = new Map(stolen.map((method) => [method.id, readTime(method.revoked)]));
  const current = new Set(asserting.filter((method) => keys.has(method) && !revoked.has(method)));
  return { did: document.id, keys, current, revoked, log: logOf(document), source: document };
}

// The key in the name of a verification method, where that name is a Multikey; a Refusal where it
// is one of a weak or impossible key.
export async function spelledOut(method) {
  try {
    const at = method.indexOf("#");
    const publicKey = readMultikey(at < 0 ? "" : method.slice(at + 1));
    return unvouched({ publicKey, fingerprint: await fingerprint(publicKey) });
  } catch (problem) {
    if (problem.isUnsound) throw problem;
    return forgive(problem) || null;
  }
}

const unvouched = (key) => ({ ...key, isTrusted: false, isCurrent: true, revoked: null });

function isOfLate(proof, now) {
  const created = readTime(proof.created);
  return now - VOUCHED_FOR - CLOCK_SKEW <= created && created <= now + CLOCK_SKEW;
}

function listed(documents, method) {
  const listing = documents.filter((document) => document.keys.has(method));
  if (!listing.length) return null;
  const stolen = listing.filter((document) => document.revoked.has(method));
  return {
    ...listing[0].keys.get(method),
    isTrusted: true,
    isCurrent: listing.every((document) => document.current.has(method)),
    revoked: stolen.length ? Math.min(...stolen.map((document) => document.revoked.get(method))) : null,
  };
}

async function readMethod(did, method) {
  if (!isObject(method) || method.controller !== did) {
    throw malformed("the DID document holds a key of somebody else");
  }
  const { id, publicKeyMultibase } = method;
  if (typeof id !== "string" || !id.startsWith(`${did}#`) || typeof publicKeyMultibase !== "string") {
    throw malformed("the DID document holds a key without its name or value");
  }
  const publicKey = readMultikey(publicKeyMultibase);
  return [id, { publicKey, fingerprint: await fingerprint(publicKey) }];
}

function listIn(document, name) {
  const value = name in document ? document[name] : [];
  if (!Array.isArray(value)) throw malformed(`${name} of the DID document is not a list`);
  return value;
}

function logOf(document) {
  const service = listIn(document, "service").find((each) => isObject(each) && each.type === LOG_SERVICE);
  if (!service) return null;
  return typeof service.serviceEndpoint === "string" ? service.serviceEndpoint : "";
}

// A Refusal is an answer here, "no"; anything else is a fault of ours and goes on.
function forgive(problem) {
  if (!(problem instanceof Refusal)) throw problem;
  return false;
}
