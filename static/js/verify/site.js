// What this page asks of the site it came from: its keys, its makers' keys, its status lists, and
// its word on checks 9 to 11. Addresses are asked for; nothing of the file is sent but the public
// number of the certificate, and only where the file says that this site issued it.
import { digestOf } from "./canonical.js";
import { issuerOf, makerOf, readTime, subjectOf } from "./credential.js";
import { isObject, parseObject } from "./json.js";
import { documentPath, hex } from "./keys.js";
import { lostKeyOf } from "./lost.js";
import { Refusal } from "./refusal.js";
import { readDidDocument, Trust } from "./trust.js";

const MOST_LISTS = 3;
const HOLDS = { passed: true, failed: false, "not checked": null };
const PLATFORM = "/.well-known/did.json";
const STATUS = /^\/status\/[1-9][0-9]{0,8}$/;
const CERTIFICATE = /^\/c\/([0-9A-Za-z]{22})$/;

// Fetched when the page opens, so that an answer is quick once a file is chosen.
export function warm() {
  return fetched(PLATFORM);
}

// {trust, lists, says, asked} for a certificate; `asked` names how far the site was asked; `url` is the site's own address, as certificates name it.
export async function askSite(url, certificate, fingerprints) {
  const platform = await documentAt(PLATFORM);
  const isOurs = platform !== null && platform.did === tell(() => issuerOf(certificate));
  const number = isOurs ? CERTIFICATE.exec(pathOn(url, certificate.id))?.[1] : undefined;
  const [maker, lists, says] = await Promise.all([
    isOurs ? makerDocument(platform.did, certificate) : null,
    listsOf(url, certificate),
    number ? saysOf(number, certificate) : null,
  ]);
  const documents = platform ? [platform] : [];
  // A maker's document is believed for the platform's signature on it, not for where it lay.
  const trust = new Trust({ documents, fingerprints, supplied: maker ? [maker] : [] });
  const asked = says ? "answered" : number ? "silent" : platform ? "keys" : "alone";
  return { trust, lists, says, asked };
}

function makerDocument(platform, certificate) {
  const did = makerOf(certificate).id;
  const isBeneath = typeof did === "string" && did.startsWith(`${platform}:`);
  const path = isBeneath && tell(() => documentPath(did));
  return path ? documentAt(path) : null;
}

async function documentAt(path) {
  const bytes = await fetched(path);
  return bytes && tell(() => readDidDocument(parseObject(bytes)));
}

// The lists of this site that a certificate names, as they stand now.
async function listsOf(url, certificate) {
  const entries = Array.isArray(certificate.credentialStatus) ? certificate.credentialStatus : [];
  const named = entries.slice(0, MOST_LISTS).map((entry) => isObject(entry) && entry.statusListCredential);
  const found = await Promise.all(
    [...new Set(named)].map(async (address) => {
      const path = pathOn(url, address);
      return [address, STATUS.test(path) ? await fetched(path) : null];
    }),
  );
  return new Map(found.filter(([, bytes]) => bytes));
}

// What the site says of a certificate with exactly this body: checks 9 to 11, and beside them the
// record, the kind of piece, its own answer with the words for it, and who did what, when and why.
async function saysOf(number, certificate) {
  const bytes = await fetched(`/api/v1/certificates/${number}`);
  const told = bytes && tell(() => parseObject(bytes));
  const digest = await tell(() => digestOf(certificate));
  if (!told || !digest || told.digest !== hex(digest)) return null;
  const { piece, maker, verdict } = told;
  const findings = verdict.checks.filter((check) => check.number > 8).map((check) => [check.number, findingOf(check)]);
  const { answer, headline: title, line, limit, unreliable_since: since } = verdict;
  return {
    findings: Object.fromEntries(findings),
    record: `/p/${piece}`,
    kind: subjectOf(certificate).kind,
    answer,
    words: { title, line, limit },
    unreliableSince: since === null ? null : readTime(since),
    lostKey: answer === "unreliable" ? lostKeyOf(verdict.checks) : null,
    cause: verdict.cause?.answer === answer ? causeOf(verdict.cause, maker, makerOf(certificate).name) : null,
  };
}

function findingOf({ outcome, reason, needed }) {
  const holds = HOLDS[outcome] ?? null;
  return { holds, reason, isNeeded: needed, bySite: true, answer: holds === false ? "failed" : null };
}

// `maker` is the name of the maker's page, `house` the maker's own.
function causeOf({ answer, by, at, reason, newer }, maker, house) {
  const leads = { page: `/j/${maker}`, newer: newer && `/c/${newer}` };
  return { answer, reason, house, by: by === "maker" ? house : "The platform", at: readTime(at), ...leads };
}

function pathOn(url, address) {
  return typeof address === "string" && address.startsWith(`${url}/`) ? address.slice(url.length) : "";
}

// The bytes at an address of this site, or null where it cannot be asked or has nothing there.
async function fetched(path) {
  try {
    const answer = await fetch(path, { credentials: "omit" });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null; // no network
  }
}

// What cannot be read is nothing, here; the checks say themselves what is wrong with it.
function tell(read) {
  const or = (problem) => {
    if (!(problem instanceof Refusal)) throw problem;
    return null;
  };
  try {
    const value = read();
    return value instanceof Promise ? value.catch(or) : value;
  } catch (problem) {
    return or(problem);
  }
}
