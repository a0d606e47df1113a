// What is said while a needed check is open, in the words of the server (provenance/verdict_open.py).
import { day } from "./days.js";

const STATUS = [7, 8];
const SIGNED = [3, 4];

export const HEARSAY = "So the file says. Whether its issuer signed it is not known.";

const ANYTHING = ["Not everything was checked.", "What is open stands in the list."];

// By the number of the first needed check that is open.
const OPEN = {
  4: ["The signature was not checked.", "Its signer’s key is not at hand."],
  9: ["Signature good, public log not checked.", "Whether it stands in the log is not known."],
  10: ["Signature good, label not checked.", "Whether its making label follows from its record is not known here."],
};
const OPEN_LIMITS = {
  3: "whether its issuer signed it, or whether it still stands.",
  4: "whether its issuer signed it, or whether it still stands.",
  5: "whether its maker signed it too.",
  7: "whether it was withdrawn, paused or replaced since.",
  8: "whether it was withdrawn, paused or replaced since.",
  9: "whether it stands in the public log.",
  10: "whether its making label follows from its record.",
};

// Title and line. `openChecks` are numbers of checks; `hasKey` says that a key of the issuer was at
// hand, believed or not; `at` is the moment of status lists that the issuer signed, or null.
export function openWords({ openChecks, hasKey, at }) {
  const [first] = openChecks;
  if (first === 3) return ["Who signed this is not known.", keyWords(hasKey)];
  if (first === 4 && hasKey) return ["The signature was not fully checked.", ANYTHING[1]];
  if (first === 5) {
    // Whose is open is told by the limit too, and a small screen holds only one of the two.
    const told = "The platform’s holds. The maker’s own could not be checked.";
    return ["One signature good, one not checked.", isStatusOpen(openChecks) ? statusWords(at) : told];
  }
  if (STATUS.includes(first)) return ["Signature good, status unknown.", statusWords(at)];
  return OPEN[first] ?? ANYTHING;
}

// Whether nobody believed has signed what the file says, and the lists that came with it.
export function isHearsay(openChecks) {
  return SIGNED.some((number) => openChecks.includes(number));
}

// What a check cannot tell in which these were open.
export function openLimit(openChecks) {
  const [first] = openChecks;
  if (first === 5 && isStatusOpen(openChecks)) return "whether its maker signed it too, or whether it still stands.";
  return OPEN_LIMITS[first] ?? "what the list calls not checked.";
}

function isStatusOpen(openChecks) {
  return STATUS.some((number) => openChecks.includes(number));
}

function keyWords(hasKey) {
  if (hasKey) return "The key came with the file. Compare its fingerprint with the card.";
  return "No key of its issuer is at hand, so the signature was not checked.";
}

function statusWords(at) {
  const known = at ? `Last known on ${day(at)}. ` : "";
  return `${known}We could not ask whether it still stands. Try again online.`;
}
