// The proof of a maker's own key over what she saw (vc-di-eddsa section 3.3.1, eddsa-jcs-2022): the
// same bytes as `python -m provenance sign` writes.
import { canonicalBytes, sha256 } from "../verify/canonical.js";
import { verifySignature } from "../verify/keys.js";
import { Refusal } from "../verify/refusal.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

// `statement` as readBody gives it, `key` as openKeyFile does, `created` a Date.
export async function createProof({ document, named, publicKey }, key, created) {
  const options = {
    type: "DataIntegrityProof",
    cryptosuite: "eddsa-jcs-2022",
    created: `${created.toISOString().slice(0, 19)}Z`,
    verificationMethod: named,
    proofPurpose: "assertionMethod",
    "@context": document["@context"],
  };
  // The hash of the options comes first: vc-di-eddsa section 3.3.4.
  const hashes = [await sha256(canonicalBytes(options)), await sha256(canonicalBytes(document))];
  const signed = Uint8Array.from(hashes.flatMap((hash) => [...hash]));
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, signed));
  await checkItIsByTheNamed(publicKey, signature, signed);
  return { ...options, proofValue: `z${base58Of(signature)}` };
}

// Browsers do not tell the public half of a key that they hold, so the signature itself is asked.
async function checkItIsByTheNamed(publicKey, signature, signed) {
  try {
    await verifySignature(publicKey, signature, signed);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    throw new Refusal("another_key", "the file names another key than the one you sign with");
  }
}

// As the program writes them to a file.
export function proofFile(proof) {
  return `${JSON.stringify(proof, null, 2)}\n`;
}

export function sheetFile(statements, proofs) {
  return proofs.map((proof, at) => `${JSON.stringify({ id: statements[at].document.id, proof })}\n`).join("");
}

function base58Of(bytes) {
  let digits = "";
  for (let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n); number; number /= 58n) {
    digits = BASE58[Number(number % 58n)] + digits;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + digits;
}
