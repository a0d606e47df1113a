// The verdict on a file, reached on this device: all checks in their order, and what they come to.
import { canonicalBytes } from "./canonical.js";
import { BUNDLE_LIMIT, CERTIFICATE_LIMIT, isObject, parseObject } from "./json.js";
import { CLOCK_SKEW, readTime } from "./credential.js";
import { ask, Case, failed, notChecked, QUESTIONS } from "./questions.js";
import { malformed, Refusal, tooLarge } from "./refusal.js";
import { readDidDocument, Trust } from "./trust.js";

const BUNDLE_TYPE = "TouchmarkBundle";
const BUNDLE_VERSION = 1;
const MOST_PARTS = 16;
const TOO_LARGE = `a certificate has at most ${CERTIFICATE_LIMIT / 1024} KiB`;
const OUTCOMES = new Map([[true, "passed"], [false, "failed"], [null, "not checked"]]);
const NEEDED_ALWAYS = new Set([1, 2, 3, 4, 6, 7, 8]);
// The first that applies.
const ORDER = [
  "unknown", "failed", "missing", "revoked", "paused", "unreliable", "destroyed", "contested", "held",
  "superseded", "unconfirmed", "current",
];

// What is in a file: a certificate alone, or a bundle. Nothing that came along is believed for
// that. Throws a Refusal where it cannot be read.
export async function readFile(bytes) {
  const value = parseObject(bytes, BUNDLE_LIMIT);
  if (value.type !== BUNDLE_TYPE) return aloneIn(value, bytes.length);
  if (value.version !== BUNDLE_VERSION) throw malformed("it is not a bundle of a version known here");
  if (!isObject(value.certificate)) throw malformed("the bundle holds no certificate");
  checkSize(value.certificate);
  readTime(value.asOf);
  const lists = partsOf(value, "statusLists").map((list) => [list.id, list]);
  const supplied = [];
  for (const document of partsOf(value, "didDocuments")) supplied.push(await documentIn(document));
  return { certificate: value.certificate, supplied, lists: new Map(lists) };
}

// A certificate is no larger for being in a bundle.
function checkSize(certificate) {
  let size = 0;
  try {
    size = canonicalBytes(certificate).length;
  } catch (problem) {
    // The first check says what is wrong with it.
    if (problem.code !== "out_of_subset") throw problem;
  }
  if (size > CERTIFICATE_LIMIT) throw tooLarge(TOO_LARGE);
}

// A bad key in a stranger's file is a fault of the file.
async function documentIn(document) {
  try {
    return await readDidDocument(document);
  } catch (problem) {
    if (problem.code !== "bad_key") throw problem;
    throw malformed(`a key in didDocuments of the bundle: ${problem.message}`);
  }
}

function aloneIn(certificate, size) {
  if (size > CERTIFICATE_LIMIT) throw tooLarge(TOO_LARGE);
  return { certificate, supplied: [], lists: new Map() };
}

// All checks of a file's content at a moment (milliseconds since 1970). `trust` is what the page
// holds, `lists` are status lists by their address, `siteSays` the site's word on 9 to 11.
export async function verify(file, { trust = new Trust(), lists = new Map(), now, siteSays } = {}) {
  const believed = new Trust({ ...trust, supplied: [...trust.supplied, ...file.supplied] });
  const atHand = new Map([...file.lists, ...lists]);
  const theCase = new Case({ document: file.certificate, trust: believed, lists: atHand, now, siteSays });
  const findings = [];
  for (const [, question] of QUESTIONS) findings.push(await ask(question, theCase));
  const thefts = findings.filter((finding) => typeof finding.since === "number");
  return {
    checks: numbered(findings),
    answer: answerOf(findings),
    fingerprint: (await known(() => theCase.issuerKey()))?.fingerprint ?? null,
    statusAsOf: oldest(await known(() => theCase.standings()), now),
    unreliableSince: thefts.length ? Math.min(...thefts.map((finding) => finding.since)) : null,
    isReadable: true,
  };
}

// The verdict on bytes that are no JSON object of ours: the first check says why.
export function unreadable(problem) {
  const later = "the file could not be read";
  const findings = [failed(problem.message)];
  for (let number = 2; number <= QUESTIONS.length; number++) {
    findings.push(notChecked(later, NEEDED_ALWAYS.has(number)));
  }
  const isReadable = !["malformed", "too_large"].includes(problem.code);
  const nothing = { fingerprint: null, statusAsOf: null, unreliableSince: null };
  return { checks: numbered(findings), answer: "failed", ...nothing, isReadable };
}

// 0 every needed check passed, 1 one failed, 2 unreadable, 3 a needed one is open.
export function exitCode({ checks, isReadable }) {
  if (!isReadable) return 2;
  if (checks.some((check) => check.outcome === "failed")) return 1;
  return checks.some((check) => check.isNeeded && check.outcome === "not checked") ? 3 : 0;
}

function numbered(findings) {
  return findings.map(({ holds, reason, isNeeded, bySite = false }, n) => ({
    number: n + 1, name: QUESTIONS[n][0], outcome: OUTCOMES.get(holds), reason, isNeeded, bySite,
  }));
}

function answerOf(findings) {
  const answers = findings.map((finding) => finding.answer).filter(Boolean);
  if (findings.some((finding) => finding.isNeeded && finding.holds === null)) answers.push("unconfirmed");
  return ORDER.find((answer) => answers.includes(answer)) ?? "current";
}

async function known(learn) {
  try {
    return await learn();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return null;
  }
}

// Since when the whole status is known; null where one of the lists has no say in it.
function oldest(standings, now) {
  const moments = Object.values(standings ?? {}).map((standing) => standing.asOf);
  const isKnown = (moment) => moment !== null && moment <= now + CLOCK_SKEW;
  return moments.length && moments.every(isKnown) ? Math.min(...moments) : null;
}

function partsOf(bundle, name) {
  const parts = bundle[name];
  if (!Array.isArray(parts) || parts.length > MOST_PARTS) {
    throw malformed(`${name} of the bundle is not a list of at most ${MOST_PARTS}`);
  }
  if (!parts.every(isObject)) throw malformed(`${name} of the bundle holds something that is not an object`);
  return parts;
}
