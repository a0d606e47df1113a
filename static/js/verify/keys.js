// Ed25519 keys: read them, name them for people, and judge signatures as strictly as the server.
import { sha256 } from "./canonical.js";
import { badKey, badProof, malformed, unsoundKey } from "./refusal.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BASE58_LONGEST = 256;
const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const Y_BITS = 2n ** 255n - 1n; // of an encoded point; the bit above is the sign of x
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n; // -121665/121666
// The y of the eight points of small order (RFC 8032 section 8.9; "Taming the many EdDSAs",
// Chalkias, Garillot and Nikolaenko 2020, table 1). Their other spellings fall to the test y < p.
const SMALL_ORDER = new Set([
  0n,
  1n,
  FIELD - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);
const DID = /^did:web:([a-z0-9.-]{1,253})(?:%3A([0-9]{1,5}))?((?::[A-Za-z0-9._-]{1,128})*)$/;
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const soundPoints = new Map();

// Whether this browser can judge signatures at all: not over plain http, and not every one knows
// Ed25519. RFC 8032 section 7.1, test 1, is asked for.
export async function canVerify() {
  try {
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const key = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = bytes(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555" +
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    return await isSigned(key, signature, new Uint8Array());
  } catch {
    return false;
  }
}

// A Multikey: "z", then base58btc of 0xed 0x01 and the 32 bytes.
export function readMultikey(text) {
  let raw;
  try {
    raw = base58(text.slice(1));
  } catch {
    throw badKey("the key is not base58");
  }
  if (text[0] !== "z" || raw[0] !== 0xed || raw[1] !== 0x01) throw badKey("the key is not an Ed25519 Multikey");
  const key = raw.subarray(2);
  checkPublicKey(key);
  return key;
}

// 64 bytes, S below the group order (else a stranger could change a signature that still holds),
// R canonical and not of small order.
export async function verifySignature(publicKey, signature, data) {
  checkPublicKey(publicKey);
  if (signature.length !== 64) throw badProof("a signature has 64 bytes");
  if (littleEndian(signature.subarray(32)) >= ORDER || !isSound(signature.subarray(0, 32))) {
    throw badProof("the signature is not in the one form a signer makes");
  }
  if (!(await isSigned(publicKey, signature, data))) {
    throw badProof("the signature does not match the document and the key");
  }
}

async function isSigned(publicKey, signature, data) {
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, data);
}

// A key for people: the first 128 bits of its SHA-256, in 8 groups of 4 hex digits.
export async function fingerprint(publicKey) {
  return inGroups(hex((await sha256(publicKey)).subarray(0, 16)));
}

export function readFingerprint(text) {
  const digits = text.replace(/[\s:-]/gu, "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) throw badKey("a fingerprint has 32 hex digits, in 8 groups of 4");
  return inGroups(digits);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base58(text) {
  if (text.length > BASE58_LONGEST) throw malformed("the base58 text is longer than any key or signature");
  let number = 0n;
  for (const letter of text) {
    const digit = BASE58.indexOf(letter);
    if (digit < 0) throw malformed("the text holds a character that base58 lacks");
    number = number * 58n + BigInt(digit);
  }
  const digits = number ? number.toString(16) : "";
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0").match(/../g) ?? [];
  const zeros = text.length - text.replace(/^1+/, "").length;
  return Uint8Array.from([...Array(zeros).fill(0), ...pairs.map((pair) => parseInt(pair, 16))]);
}

// The web origins a did:web may speak for: https, and http where the host is local.
export function originsOf(did) {
  const [, host, port] = splitDid(did);
  const place = port ? `${host}:${port}` : host;
  return isLocal(host) ? [`https://${place}`, `http://${place}`] : [`https://${place}`];
}

// Whether a DID names a site itself, and not somebody on it.
export function isSite(did) {
  return !splitDid(did)[3];
}

// The path under its origin where a did:web publishes its document.
export function documentPath(did) {
  const path = splitDid(did)[3].split(":").slice(1);
  return `/${[...(path.length ? path : [".well-known"]), "did.json"].join("/")}`;
}

function splitDid(did) {
  const found = DID.exec(did);
  if (!found || !HOST.test(found[1])) throw malformed("the name is not a did:web");
  return found;
}

// RFC 1918 and the loopback: where no certificate of an authority can be had.
function isLocal(host) {
  const parts = host.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  if (!isAddress) return host === "localhost";
  const [first, second] = parts.map(Number);
  return [127, 10].includes(first) || (first === 172 && second >> 4 === 1) || (first === 192 && second === 168);
}

function inGroups(digits) {
  return digits.match(/.{4}/g).join(" ");
}

function checkPublicKey(key) {
  if (key.length !== 32) throw unsoundKey("a public key has 32 bytes");
  const name = hex(key);
  if (!soundPoints.has(name)) soundPoints.set(name, isSound(key) && isOnCurve(key));
  if (!soundPoints.get(name)) throw unsoundKey("the public key is a weak or impossible point");
}

function isSound(point) {
  const y = littleEndian(point) & Y_BITS;
  return y < FIELD && !SMALL_ORDER.has(y);
}

// RFC 8032 section 5.1.3: x^2 = (y^2-1)/(dy^2+1) must be a square; Euler's criterion.
function isOnCurve(point) {
  const y = littleEndian(point) & Y_BITS;
  const square = ((y * y - 1n) * (D * y * y + 1n)) % FIELD;
  return power(square, (FIELD - 1n) / 2n) === 1n;
}

function power(base, exponent) {
  let result = 1n;
  for (let rest = exponent; rest; rest >>= 1n) {
    if (rest & 1n) result = (result * base) % FIELD;
    base = (base * base) % FIELD;
  }
  return result;
}

function littleEndian(bytes) {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
}
