// Whom this page believes: keys it already holds, and keys that merely came with a file.
import { CLOCK_SKEW, controllerOf, methodOf, proofsOf, readTime, verifyProof } from "./credential.js";
import { isObject } from "./json.js";
import { fingerprint, readMultikey } from "./keys.js";
import { malformed, Refusal } from "./refusal.js";

const LOG_SERVICE = "TransparencyLog";
// As long as a status list: whoever was told yesterday which keys are good must ask again today,
// or a key that was stolen since would live on in what was said before the theft.
const VOUCHED_FOR = 24 * 60 * 60_000;
// By so many of its keys a document may be signed, the newest of the platform's.
const MOST_VOUCHERS = 32;
const MOST_KEYS = 256;

export class Trust {
  // documents: DID documents that are believed; fingerprints: of keys that are believed;
  // supplied: DID documents that somebody merely handed over; lost: keys that somebody believed has
  // warned of, {did, fingerprint, since}, the moment if it was stolen or null.
  constructor({ documents = [], fingerprints = [], supplied = [], lost = [] } = {}) {
    this.documents = documents;
    this.fingerprints = new Set(fingerprints);
    this.supplied = supplied;
    this.lost = lost;
  }

  documentOf(did) {
    return this.documents.find((document) => document.did === did) ?? null;
  }

  documentsOf(did) {
    return this.documents.filter((document) => document.did === did);
  }

  // The key that a verification method names, or null. Believed documents decide for their DID, and
  // beside them the fingerprints. Without them the method's own Multikey or a supplied document gives
  // the key, and only its fingerprint can make it trusted; whatever else such a document says of it,
  // for it or against it, is a stranger's word. The worst that anybody believed says of a key counts,
  // by whatever name.
  async keyOf(method) {
    const did = method.split("#")[0];
    const believed = this.documentsOf(did);
    const listing = believed.find((document) => document.keys.has(method));
    const found = listing ? { ...listing.keys.get(method), isTrusted: true } : await this.untoldKey(did, method);
    if (!found || (believed.length && !found.isTrusted)) return null;
    const losses = [...this.lost, ...believed.flatMap((document) => document.lost)].filter(
      (loss) => loss.did === did && loss.fingerprint === found.fingerprint,
    );
    const moments = losses.map((loss) => loss.since).filter((since) => since !== null);
    return { ...found, isCurrent: !losses.length, revoked: moments.length ? Math.min(...moments) : null };
  }

  async untoldKey(did, method) {
    const spelled = await spelledOut(method);
    const handed = this.supplied.filter((document) => document.did === did && document.keys.has(method));
    const found = spelled ? [spelled] : handed.map((document) => unvouched(document.keys.get(method)));
    const known = found.find((key) => this.fingerprints.has(key.fingerprint));
    return known ? { ...known, isTrusted: true } : (found[0] ?? null);
  }

  // Believe also the supplied documents that a trusted key of this issuer signed of late: its own,
  // so that a key known from an old card leads to the keys that followed it, and then those of the
  // names beneath it, its makers. What a key named falls with it once its theft is known; the order
  // of the documents decides nothing.
  async vouchedBy(issuer, now) {
    const handed = this.supplied.filter((document) => document.did === issuer);
    // Whoever can be reached may warn; only then is asked whom to believe.
    const reached = await this.chain(issuer, handed.map((document) => ({ ...document, lost: [], origin: document })), now);
    const wary = this.with({ lost: [...this.lost, ...reached.flatMap(({ origin }) => origin.lost)] });
    const trust = wary.with({ documents: [...this.documents, ...(await wary.chain(issuer, handed, now))] });
    const beneath = this.supplied.filter((document) => document.did.startsWith(`${issuer}:`));
    const signed = await Promise.all(beneath.map((document) => trust.hasSigned(issuer, document, now)));
    return trust.with({ documents: [...trust.documents, ...beneath.filter((_, n) => signed[n])] });
  }

  // Those of the issuer's documents that are signed by a key believed before or in them.
  async chain(issuer, handed, now) {
    const waiting = [...handed];
    let trust = this;
    for (let found; (found = await trust.firstSigned(issuer, waiting, now)); ) {
      waiting.splice(waiting.indexOf(found), 1);
      trust = trust.with({ documents: [...trust.documents, found] });
    }
    return trust.documents.slice(this.documents.length);
  }

  with(changes) {
    return new Trust({ ...this, ...changes });
  }

  async firstSigned(issuer, documents, now) {
    for (const document of documents) if (await this.hasSigned(issuer, document, now)) return document;
    return null;
  }

  async hasSigned(issuer, document, now) {
    try {
      for (const proof of proofsOf(document.source, MOST_VOUCHERS)) {
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

// What a DID document says to a verifier: its keys by verification method, which of them may assert
// no longer and since when, where they were stolen, and where its log is.
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
  const lost = [...keys].filter(([method]) => !current.has(method)).map(([method, { fingerprint: name }]) => ({
    did: document.id, fingerprint: name, since: revoked.get(method) ?? null,
  }));
  return { did: document.id, keys, lost, log: logOf(document), source: document };
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

const unvouched = (key) => ({ ...key, isTrusted: false });

function isOfLate(proof, now) {
  const created = readTime(proof.created);
  return now - VOUCHED_FOR - CLOCK_SKEW <= created && created <= now + CLOCK_SKEW;
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
