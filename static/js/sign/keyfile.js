// A maker's key file, as `python -m provenance make-key` writes it: an Ed25519 key in PKCS#8 (RFC
// 5958), encrypted with PBES2 (RFC 8018). What it holds becomes a key that can sign and cannot be
// read: its bytes are never in the hands of a script, not even of this one.
import { Refusal } from "../verify/refusal.js";
import { Der, NotDer } from "./der.js";

export const LARGEST_KEY_FILE = 16 * 1024;
const FEWEST_ROUNDS = 1_000; // RFC 8018 section 4.2
const MOST_ROUNDS = 10_000_000; // some seconds on a phone; OpenSSL and make-key take 2048
const SEALED_KEY = 64; // the 48 bytes of an Ed25519 key in PKCS#8, padded to whole blocks of 16
const BLOCK = 16;
const SALT = { shortest: 8, longest: 64 };

const PEM = /^\s*-----BEGIN ENCRYPTED PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ENCRYPTED PRIVATE KEY-----\s*$/;
const OPEN_KEY = /-----BEGIN (?!ENCRYPTED)(?:[A-Z]+ )?PRIVATE KEY-----/;

const PBES2 = "2a864886f70d01050d";
const PBKDF2 = "2a864886f70d01050c";
const HASHES = { "2a864886f70d0207": "SHA-1", "2a864886f70d0209": "SHA-256" };
const CIPHERS = { "60864801650304012a": 256, "608648016503040102": 128 };

const notAKeyFile = () =>
  new Refusal("not_a_key_file", "This is not a key file, or it is damaged. Choose the file that make-key wrote.");
const notEncrypted = () =>
  new Refusal(
    "key_not_encrypted",
    "This key lies open in its file, without a passphrase. Nothing is signed with it: make a new key with make-key.",
  );
const anotherKind = (what) =>
  new Refusal("another_kind", `${what} Choose the file that make-key wrote, or sign with the program.`);
const locked = (told) => new Refusal("key_locked", told);

// What the file says of how it is sealed, with nothing opened yet. Takes its bytes; throws a Refusal.
export function readKeyFile(bytes) {
  if (bytes.length > LARGEST_KEY_FILE) throw notAKeyFile();
  try {
    return sealOf(new Der(derIn(bytes)));
  } catch (problem) {
    throw problem instanceof NotDer ? notAKeyFile() : problem;
  }
}

// The key itself, for signing alone; a Refusal where the passphrase does not open the file.
export async function openKeyFile({ salt, rounds, hash, bits, iv, sealed }, passphrase) {
  const typed = new TextEncoder().encode(passphrase);
  try {
    const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
    const derived = { name: "PBKDF2", salt, iterations: rounds, hash };
    const cipher = await crypto.subtle.deriveKey(derived, base, { name: "AES-CBC", length: bits }, false, ["unwrapKey"]);
    return await crypto.subtle.unwrapKey("pkcs8", sealed, cipher, { name: "AES-CBC", iv }, "Ed25519", false, ["sign"]);
  } catch (problem) {
    throw refusalOf(problem);
  } finally {
    typed.fill(0);
  }
}

// One guess in 256 ends in a padding that looks right, and then what is inside makes no sense.
function refusalOf({ name }) {
  if (name === "OperationError") return locked("This does not open the key. Type it again.");
  return locked("This does not open the key, or it is another kind of key than Ed25519. Type it again.");
}

function derIn(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = PEM.exec(text);
  if (!found) throw OPEN_KEY.test(text) ? notEncrypted() : notAKeyFile();
  return fromBase64(found[1].replace(/[\r\n]/g, ""));
}

function fromBase64(digits) {
  try {
    const raw = atob(digits);
    if (btoa(raw) === digits) return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  } catch {
    // No base64 at all.
  }
  throw notAKeyFile();
}

// EncryptedPrivateKeyInfo (RFC 5958 section 3).
function sealOf(file) {
  const whole = file.sequence();
  file.end();
  const algorithm = whole.sequence();
  const sealed = whole.octets();
  whole.end();
  if (algorithm.name() !== PBES2) throw anotherKind("This key file is encrypted in a way that is not known here.");
  const parameters = algorithm.sequence();
  algorithm.end();
  const stretched = stretchingOf(parameters.sequence());
  const { bits, iv } = cipherOf(parameters.sequence());
  parameters.end();
  const { length, ...rest } = stretched;
  if (length !== null && length * 8 !== bits) throw notAKeyFile();
  if (sealed.length !== SEALED_KEY) throw anotherKind("This file holds another kind of key than Ed25519.");
  return { ...rest, bits, iv, sealed };
}

// PBKDF2-params (RFC 8018 appendix A.2): without a hash it is SHA-1.
function stretchingOf(kdf) {
  if (kdf.name() !== PBKDF2) throw anotherKind("The passphrase of this key file is used in a way that is not known here.");
  const told = kdf.sequence();
  kdf.end();
  const salt = told.octets();
  const rounds = told.integer();
  const length = told.isInteger() ? told.integer() : null;
  const hash = told.isAtEnd ? "SHA-1" : hashOf(told.sequence());
  told.end();
  if (salt.length < SALT.shortest || salt.length > SALT.longest) throw notAKeyFile();
  if (rounds < FEWEST_ROUNDS || rounds > MOST_ROUNDS) {
    throw anotherKind(`This key file asks for ${rounds} rounds of its passphrase, and ${FEWEST_ROUNDS} to ${MOST_ROUNDS} are done here.`);
  }
  return { salt, rounds, length, hash };
}

function hashOf(told) {
  const hash = HASHES[told.name()];
  if (!hash) throw anotherKind("The passphrase of this key file is used in a way that is not known here.");
  told.nothing();
  told.end();
  return hash;
}

function cipherOf(told) {
  const bits = CIPHERS[told.name()];
  if (!bits) throw anotherKind("This key file is encrypted in a way that is not known here.");
  const iv = told.octets();
  told.end();
  if (iv.length !== BLOCK) throw notAKeyFile();
  return { bits, iv };
}
