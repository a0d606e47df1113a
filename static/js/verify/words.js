// What is said of an answer, in the words of the server (provenance/verdict.py).
import { lostKeyOf, lostLimit, lostSince, lostWords } from "./lost.js";
import { HEARSAY, isHearsay, openLimit, openWords } from "./open.js";

// answer: title, line, ribbon, punch. Facts that are not known are left unsaid.
const HEADLINES = {
  current: () => ["You opened the record.", "No tag was read. Certificate current.", "quiet", "identified"],
  superseded: () => ["There is a newer certificate.", "Read it.", "caution", "superseded"],
  revoked: () => ["Certificate withdrawn.", "This cannot be undone.", "stop", "revoked"],
  paused: () => ["Paused.", "The reason stands on the site.", "caution", "unconfirmed"],
  unreliable: (facts) => [...lostWords(facts), "stop", "unreliable"],
  unconfirmed: (facts) => [...openWords(facts), "quiet", "unconfirmed"],
  failed: ({ reason }) => ["This certificate does not hold.", reason, "stop", "unreliable"],
};

const LIMITS = {
  current: (kind) => `whether the ${kind} in your hand is the one the record names. Compare it.`,
  superseded: (kind) => LIMITS.current(kind),
  paused: () => "how this pause will end. Ask before you buy.",
  revoked: (kind) => `whether anything is wrong with the ${kind}. It says only that this paper was withdrawn.`,
  unreliable: (kind, facts) => lostLimit(facts),
  unconfirmed: (kind, { openChecks }) => openLimit(openChecks),
  failed: (kind) => `who changed it, or whether anything is wrong with the ${kind}.`,
};

// What lists and documents say that may have come along with the file; who did it, when and why,
// only the site knows.
const OUT_OF_THE_FILE = ["superseded", "revoked", "paused", "unreliable"];

// `site` is what the site tells beside it of a certificate of its own, or null. Its words stand
// where it comes to the same answer; where it does not, this device says what it found itself.
export function headlineOf(verdict, site = null) {
  const facts = factsOf(verdict);
  const [title, line, ribbon, punch] = HEADLINES[verdict.answer](facts);
  const own = { title, line, limit: LIMITS[verdict.answer](nounOf(site), facts) };
  const isOpen = OUT_OF_THE_FILE.includes(verdict.answer) && isHearsay(facts.openChecks);
  if (isOpen) Object.assign(own, { line: HEARSAY, limit: openLimit(facts.openChecks) });
  const told = isOfOneMind(verdict, site) ? { ...site.words, bySite: true, cause: site.cause } : {};
  return { bySite: false, cause: null, noun: nounOf(site), ...own, ...told, ribbon, punch: `verdict-${punch}` };
}

function isOfOneMind({ answer, checks, unreliableSince }, site) {
  if (!OUT_OF_THE_FILE.includes(answer) || site?.answer !== answer) return false;
  return answer !== "unreliable" || (site.unreliableSince === unreliableSince && site.lostKey === lostKeyOf(checks));
}

// "ring", "pair of earrings": the word a sentence uses for a piece that the site knows.
function nounOf(site) {
  const kind = site?.kind ?? "piece";
  return ["earrings", "cufflinks"].includes(kind) ? `pair of ${kind}` : kind;
}

function factsOf({ answer, checks, fingerprint, statusAsOf, unreliableSince }) {
  const open = checks.filter((check) => check.isNeeded && check.outcome === "not checked");
  const facts = { openChecks: open.map((check) => check.number), hasKey: fingerprint !== null };
  if (answer === "unreliable") return { ...facts, lostKey: lostKeyOf(checks), at: lostSince(checks, unreliableSince) };
  if (answer !== "unconfirmed") return { ...facts, reason: checks.find((check) => check.outcome === "failed")?.reason };
  // Before the issuer's signature holds, nobody we know has said when anything stood.
  const isSigned = checks.every((check) => ![3, 4].includes(check.number) || check.outcome === "passed");
  return { ...facts, at: isSigned ? statusAsOf : null };
}
