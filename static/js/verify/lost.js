// What is said of a certificate whose key was lost, in the words of the server
// (provenance/verdict_unreliable.py).
import { day } from "./days.js";

const PLATFORM = 4;
const MAKER = 5;

const WORDS = {
  platform: {
    title: "The platform’s signature cannot be relied on.",
    key: "The platform’s key",
    limit: "whether the platform or somebody else signed it.",
  },
  maker: {
    title: "The maker’s signature cannot be relied on.",
    key: "The maker’s key",
    limit: "whether the maker or somebody else signed it beside the platform.",
  },
  nobody: { title: "This signature cannot be relied on.", key: "Its key", limit: "who signed it." },
};

// Whose key makes a certificate unreliable, by the checks that failed: the platform’s before the
// maker’s; null where it is neither.
export function lostKeyOf(checks) {
  if (isLost(checks, PLATFORM)) return "platform";
  return isLost(checks, MAKER) ? "maker" : null;
}

// The moment of the one key that was lost; of two, a verdict does not say whose it is.
export function lostSince(checks, since) {
  return isLost(checks, PLATFORM) && isLost(checks, MAKER) ? null : since;
}

// Title and line. `at` is the moment from which the key proves nothing, or null.
export function lostWords({ lostKey, at }) {
  const { title, key } = WORDS[lostKey ?? "nobody"];
  return [title, at ? `${key} counts as stolen from ${day(at)} on.` : `${key} is no longer believed.`];
}

export function lostLimit({ lostKey }) {
  return WORDS[lostKey ?? "nobody"].limit;
}

function isLost(checks, number) {
  return checks.some((check) => check.number === number && check.outcome === "failed");
}
