// The questions asked of a certificate, in the order and the words of the server
// (provenance/questions.py): 1 to 8 are answered here, 9 to 11 by the site.
import { canonicalBytes } from "./canonical.js";
import {
  CERTIFICATE_TYPES, CLOCK_SKEW, controllerOf, CREDENTIALS_V2, issuerOf, makerOf, methodOf, minuteOf, namesItsPlaces,
  proofsOf, PURPOSES, readTime, subjectOf, textOf, verifyProof,
} from "./credential.js";
import { isObject, isSame } from "./json.js";
import { isSite, originsOf } from "./keys.js";
import { malformed, Refusal } from "./refusal.js";
import { standingOf } from "./status.js";
import { spelledOut } from "./trust.js";

const PUBLIC_ID = /^[0-9A-Za-z]{22}$/;

// The certificate on the table, and what is learnt of it once and used by several checks.
// lists: by address, bytes or parsed; siteSays: {number: finding} for 9 to 11, or nothing.
export class Case {
  #learnt = new Map();

  constructor({ document, trust, lists, now, siteSays = {} }) {
    Object.assign(this, { document, trust, lists, now, siteSays });
  }

  get issuer() {
    return issuerOf(this.document);
  }

  // What the page holds, and what a trusted key of the issuer has signed of the rest.
  believed() {
    return this.#once("believed", async () => this.trust.vouchedBy(this.issuer, this.now));
  }

  // The key of the issuer's proof, the believed one if there are several.
  issuerKey() {
    return this.#once("issuerKey", async () => {
      const proofs = this.proofsBy(this.issuer);
      const found = (await Promise.all(proofs.map((proof) => this.soundKey(proof)))).filter(Boolean);
      return found.find((key) => key.isTrusted) ?? found[0] ?? null;
    });
  }

  // Whether the issuer's proof holds: what every other claim in the body rests on.
  platform() {
    return this.#once("platform", () => ask(platformSigned, this));
  }

  standings() {
    return this.#once("standings", async () => {
      const key = await this.issuerKey();
      const { issuer, lists, now } = this;
      const certifiedBy = key && !key.isTrusted ? key.fingerprint : null;
      const inquiry = { issuer, lists, trust: await this.believed(), now, certifiedBy };
      const found = await Promise.all(PURPOSES.map((purpose) => standingOf(this.document, purpose, inquiry)));
      return Object.fromEntries(PURPOSES.map((purpose, n) => [purpose, found[n]]));
    });
  }

  // The proofs made with keys of one DID; none where it carries no proof at all.
  proofsBy(did) {
    let carried = [];
    try {
      carried = proofsOf(this.document);
    } catch {
      return [];
    }
    return carried.filter((proof) => controllerOf(proof) === did);
  }

  async soundKey(proof) {
    try {
      return (await this.keysOf([proof]))[0];
    } catch (problem) {
      if (!problem.isUnsound) throw problem;
      return null; // the fourth check says what is wrong with it
    }
  }

  async keysOf(proofs) {
    const believed = await this.believed();
    return Promise.all(proofs.map(async (proof) => believed.keyOf(methodOf(proof))));
  }

  #once(name, learn) {
    if (!this.#learnt.has(name)) this.#learnt.set(name, learn());
    return this.#learnt.get(name);
  }
}

// What cannot even be read has failed the question.
export async function ask(question, theCase) {
  try {
    return await question(theCase);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return failed(problem.message);
  }
}

const passed = (reason) => ({ holds: true, reason, isNeeded: true });
export const failed = (reason, answer = "failed", since = null) => ({
  holds: false, reason: sentence(reason), isNeeded: true, answer, since,
});
export const notChecked = (reason, isNeeded = true) => ({ holds: null, reason: sentence(reason), isNeeded });
const unreliable = (reason, since = null) => failed(reason, "unreliable", since);

function sentence(reason) {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1).replace(/\.+$/, "")}.`;
}

// 1
function wellFormed({ document }) {
  canonicalBytes(document);
  if (!isSame(document.type, CERTIFICATE_TYPES)) throw malformed("it is not a jewelry certificate");
  textOf(document, "issuer", "name");
  readTime(document.validFrom);
  if (!isObject(document.credentialSubject)) throw malformed("it does not say which piece it is about");
  if (!namesItsPlaces(document)) throw malformed("it does not name its three places in the status lists");
  proofsOf(document);
  return passed("It has the shape and the kinds of value that certificates have.");
}

// 2
function meansOurs({ document, issuer }) {
  // Somebody on the site has the site's origin, and a DID of their own.
  if (!isSite(issuer)) return failed("its issuer is not a site, but somebody on one");
  for (const origin of originsOf(issuer)) {
    // Equal, not merely beginning so: anyone may append a context to a signed document.
    const isOurs = isSame(document["@context"], [CREDENTIALS_V2, `${origin}/contexts/jewelry/v1`]);
    const place = `${origin}/c/`;
    const id = textOf(document, "id");
    if (isOurs && id.startsWith(place) && PUBLIC_ID.test(id.slice(place.length))) {
      return passed("Its words are explained by its issuer's own site, and nowhere else.");
    }
  }
  return failed("its words are not explained by its issuer's own site alone");
}

// 3
async function issuerKnown(theCase) {
  const key = await theCase.issuerKey();
  if (theCase.trust.documentOf(theCase.issuer)) return passed("The issuer's published keys are held here.");
  if (!key) return notChecked("no key of this issuer is at hand");
  if (theCase.trust.fingerprints.has(key.fingerprint)) {
    return passed(`The issuer's key is the one you trust, fingerprint ${key.fingerprint}.`);
  }
  if (key.isTrusted) return passed("The issuer's keys are vouched for by the one you trust.");
  return notChecked(`the key came with the file, fingerprint ${key.fingerprint}`);
}

// 4
async function platformSigned(theCase) {
  const maker = makerOf(theCase.document).id;
  for (const proof of proofsOf(theCase.document)) {
    if (![theCase.issuer, maker].includes(controllerOf(proof))) {
      return failed("one proof is by neither the issuer nor the maker");
    }
  }
  const proofs = theCase.proofsBy(theCase.issuer);
  return proofs.length ? issuerHeld(theCase, proofs) : failed("no proof is by the issuer");
}

// First whether each proof holds, then whether its key may sign.
async function issuerHeld(theCase, proofs) {
  const keys = await theCase.keysOf(proofs);
  const believed = await theCase.believed();
  for (const [n, proof] of proofs.entries()) {
    if (keys[n]) await verifyProof(theCase.document, proof, keys[n].publicKey);
    else if (believed.documentOf(controllerOf(proof))) {
      return failed("it is signed with a key that its signer does not publish");
    }
  }
  if (!keys.every(Boolean)) return notChecked("the signer's key is not at hand");
  const lost = keys.filter((key) => !key.isCurrent);
  if (lost.length) return withdrawn(lost);
  if (new Set(keys.map((key) => key.isTrusted)).size > 1) {
    return notChecked("one of the issuer's proofs is by a key not known here");
  }
  if (!keys[0].isTrusted) {
    return passed("The key that came with the file signed exactly these bytes.");
  }
  return passed("The issuer signed exactly these bytes.");
}

// What keys that are good no longer make of the proofs under them. Whoever has a stolen key can
// write any date, so an early one helps nothing: the honest ones were signed again with another.
function withdrawn(keys) {
  const moments = keys.map((key) => key.revoked).filter((moment) => moment !== null);
  if (!moments.length) return unreliable("its key was withdrawn since");
  const since = Math.min(...moments);
  return unreliable(`its key was reported stolen as of ${minuteOf(since)}`, since);
}

// 5
async function makerHolds(theCase) {
  const { keyLevel, key: named, id } = makerOf(theCase.document);
  if (!["recorded", "held", "own"].includes(keyLevel)) throw malformed("it does not say who holds the maker's key");
  const proofs = typeof id === "string" && id !== theCase.issuer ? theCase.proofsBy(id) : [];
  if (!proofs.length && keyLevel === "recorded") return notChecked("recorded by the platform for the maker", false);
  if (!proofs.length) return failed("the maker's own proof is missing");
  if (typeof named !== "string") return failed("the certificate names no key of its maker");
  const finding = await makerSigned(theCase, proofs, named);
  if (finding.holds && !(await theCase.platform()).holds) {
    // The body names the maker's key, so it must itself be vouched for first.
    return notChecked("the maker's key is named by a text whose issuer's proof is open");
  }
  return finding;
}

// By the key that the body names, or by one that followed it.
async function makerSigned(theCase, proofs, named) {
  const published = await publishedKey(theCase, named);
  for (const proof of proofs) {
    const problem = await problemWith(theCase, proof, named, published);
    if (problem) return problem;
  }
  if (!published || published.isCurrent) return passed(await makerPraise(theCase, published));
  if (published.revoked === null) return unreliable("the maker's key was withdrawn since");
  const byIt = proofs.filter((proof) => methodOf(proof) === named);
  return makerKeyLost(theCase, byIt, published.revoked);
}

async function makerPraise(theCase, published) {
  if (published || (await theCase.issuerKey())?.isTrusted) return "The maker signed exactly these bytes.";
  // The text that names the key for the maker's is itself vouched for by nobody yet.
  return "The key that the file names as its maker's signed exactly these bytes.";
}

// What is wrong with one proof of the maker, or null; a Refusal where it does not match.
async function problemWith(theCase, proof, named, published) {
  const method = methodOf(proof);
  const listed = await publishedKey(theCase, method);
  // Only once the named key is known to be stolen may another of the maker's stand in.
  const isSuccessor = published && published.revoked !== null && listed;
  if (method !== named && !isSuccessor) {
    return failed("the maker's proof is by another key than the certificate names");
  }
  const key = (await spelledOut(method)) ?? listed;
  if (!key) return notChecked("the maker's key is not at hand");
  await verifyProof(theCase.document, proof, key.publicKey);
  return method !== named && !listed.isCurrent ? withdrawn([listed]) : null;
}

// A key as a believed document of the maker lists it.
async function publishedKey(theCase, method) {
  const key = await (await theCase.believed()).keyOf(method);
  return key?.isTrusted ? key : null;
}

// The issuer's proof vouches for the date, so what was signed before the loss stays good. Between
// the body and the maker's own proof may lie hours: both must come before.
function makerKeyLost({ document }, byIt, since) {
  const moments = [document.validFrom, ...byIt.map((proof) => proof.created)];
  if (Math.max(...moments.map(readTime)) < since) {
    return passed(
      "The maker signed exactly these bytes, before the key that it names " +
        `was reported stolen as of ${minuteOf(since)}.`,
    );
  }
  return unreliable(`it was signed after its maker's key was stolen, ${minuteOf(since)}`, since);
}

// 6
function datesMakeSense({ document, now }) {
  const [latest, earliest] = [now + CLOCK_SKEW, now - CLOCK_SKEW];
  if (readTime(document.validFrom) > latest) return failed("it is valid only from a later day");
  if ("validUntil" in document && readTime(document.validUntil) < earliest) {
    return failed("it was valid only until an earlier day");
  }
  for (const proof of proofsOf(document)) {
    if (readTime(proof.created) > latest) return failed("it was signed in the future");
    if ("expires" in proof && readTime(proof.expires) < earliest) return failed("a proof has expired");
  }
  return passed("Nothing in it lies in the future or has run out.");
}

// 7
async function notWithdrawn(theCase) {
  const { revocation: withdrawn, refresh: newer } = await theCase.standings();
  const heard = await hearing(theCase);
  if (withdrawn.isSet) return failed(heard("it was withdrawn; this cannot be undone"), "revoked");
  if (withdrawn.isSet === null) return notChecked(withdrawn.reason);
  if (newer.isSet === null) return notChecked(`whether there is a newer one is not known: ${newer.reason}`);
  if (newer.isSet) {
    return { ...passed(heard("It was not withdrawn, but there is a newer certificate.")), answer: "superseded" };
  }
  return passed(heard(`It was not withdrawn as of ${minuteOf(withdrawn.asOf)}.`));
}

// What status lists tell, and who says so where nobody here knows who signed them.
async function hearing(theCase) {
  const isKnown = (await theCase.issuerKey())?.isTrusted;
  return (told) => (isKnown ? told : `By the lists that came with the file: ${told}`);
}

// 8
async function notSuspended(theCase) {
  const { suspension: paused } = await theCase.standings();
  const heard = await hearing(theCase);
  if (paused.isSet) return failed(heard("it is suspended; its site tells why"), "paused");
  if (paused.isSet === null) return notChecked(paused.reason);
  return passed(heard(`It was not suspended as of ${minuteOf(paused.asOf)}.`));
}

// 9
async function inLog(theCase) {
  const { issuer, siteSays } = theCase;
  if (siteSays[9]) return siteSays[9];
  const published = (await theCase.believed()).documents.filter((document) => document.did === issuer);
  if (published.every((document) => document.log === null)) {
    return notChecked("this site keeps no public log yet", false);
  }
  return notChecked("only the site can look into its log, and it was not asked");
}

// 10
function labelFollows({ document, siteSays }) {
  if (siteSays[10]) return siteSays[10];
  const { making } = subjectOf(document);
  // As `states_making` of the core: a step, or a label without one.
  const hasRecord = isObject(making) && ["steps", "label"].some((name) => !isNothing(making[name]));
  if (!hasRecord) return notChecked("this certificate holds no making record", false);
  return notChecked("only the site can work out the label, and it was not asked");
}

function isNothing(value) {
  return !value || (typeof value === "object" && Object.keys(value).length === 0);
}

// 11
function tagBelongs({ siteSays }) {
  return siteSays[11] ?? notChecked("no tag was read", false);
}

export const QUESTIONS = [
  ["The file is well formed", wellFormed],
  ["Its words have the meaning we publish", meansOurs],
  ["We know the issuer", issuerKnown],
  ["The platform’s signature holds", (theCase) => theCase.platform()],
  ["The maker’s signature holds", makerHolds],
  ["The dates make sense", datesMakeSense],
  ["It is not withdrawn", notWithdrawn],
  ["It is not suspended", notSuspended],
  ["It is in the public log", inLog],
  ["The making label follows from the record", labelFollows],
  ["This tag belongs to this piece", tagBelongs],
];
