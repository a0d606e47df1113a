// What is said of an answer, in the words of the server (provenance/verdict.py).
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
  "December",
];

// answer: title, line, ribbon, punch. Facts that are not known are left unsaid.
const HEADLINES = {
  current: () => ["You opened the record.", "No tag was read. Certificate current.", "quiet", "identified"],
  superseded: () => ["There is a newer certificate.", "Read it.", "caution", "superseded"],
  revoked: (facts) => ["Certificate withdrawn.", `${begun(facts)}This cannot be undone.`, "stop", "revoked"],
  paused: () => ["Paused.", "The reason stands on the site.", "caution", "unconfirmed"],
  unreliable: ({ at }) => [
    "This signature cannot be relied on.",
    `Its key was reported compromised${at ? ` on ${day(at)}` : ""}.`, "stop", "unreliable",
  ],
  unconfirmed: ({ at }) => [
    "Signature good, status unknown.",
    `${at ? `Last known on ${day(at)}. ` : ""}We could not ask whether it still stands. Try again online.`,
    "quiet", "unconfirmed",
  ],
  failed: ({ reason }) => ["This certificate does not hold.", reason, "stop", "unreliable"],
};

const LIMITS = {
  current: (kind) => `whether the ${kind} in your hand is the one the record names. Compare it.`,
  superseded: (kind) => LIMITS.current(kind),
  paused: (kind) => LIMITS.current(kind),
  revoked: (kind) => `whether anything is wrong with the ${kind}. It says only that this paper was withdrawn.`,
  unreliable: () => "whether the maker or somebody else signed it.",
  unconfirmed: () => "whether it was withdrawn, paused or replaced since.",
  failed: (kind) => `who changed it, or whether anything is wrong with the ${kind}.`,
};

// `site` is what the site tells beside it of a certificate of its own, or null.
export function headlineOf(verdict, site = null) {
  const [title, line, ribbon, punch] = HEADLINES[verdict.answer](factsOf(verdict, site));
  return { title, line, ribbon, punch: `verdict-${punch}`, limit: LIMITS[verdict.answer](nounOf(site)) };
}

// "ring", "pair of earrings": the word a sentence uses for a piece that the site knows.
function nounOf(site) {
  const kind = site?.kind ?? "piece";
  return ["earrings", "cufflinks"].includes(kind) ? `pair of ${kind}` : kind;
}

function factsOf({ answer, checks, statusAsOf, unreliableSince }, site) {
  if (answer === "revoked") return site?.revocation ?? {};
  if (answer === "unreliable") return { at: unreliableSince };
  if (answer === "unconfirmed") return { at: statusAsOf };
  return { reason: checks.find((check) => check.outcome === "failed")?.reason };
}

function begun({ by, at }) {
  return by && at ? `By its ${by}, ${day(at)}. ` : "";
}

function day(moment) {
  const date = new Date(moment);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
