// Whether a certificate still stands, as far as the status lists at hand can tell
// (Bitstring Status List 1.0 section 3.2). What cannot be read or believed is not known.
import { CLOCK_SKEW, controllerOf, issuerOf, methodOf, minuteOf, proofsOf, readTime, subjectOf, verifyProof } from "./credential.js";
import { isObject, parseObject } from "./json.js";
import { badStatusList, Refusal } from "./refusal.js";

const LENGTH = 131_072;
const MAXIMUM_BYTES = 1024 * 1024;
const ENCODED_LIMIT = 2 * MAXIMUM_BYTES;
const SLICE = 512; // bytes; deflate makes at most a thousandfold of them

// One bit: set, clear, or null when it could not be learnt, with the reason; and its age.
// inquiry: {issuer, lists, trust, now, certifiedBy}; lists by their address; certifiedBy is the
// fingerprint of the certificate's own key where nobody here believes it: then a list under the
// same key is as good as the certificate. Else only a believed key may answer.
export async function standingOf(document, purpose, inquiry) {
  try {
    const [url, index] = place(entryOf(document, purpose));
    const list = listAt(url, inquiry.lists);
    await checkList(list, url, purpose, inquiry);
    const asOf = readTime(list.validFrom);
    const reason = tooOldOrNew(list, asOf, inquiry.now);
    if (reason) return { isSet: null, reason, asOf };
    return { isSet: isSet(await decodeList(encoded(list)), index), reason: "", asOf };
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return { isSet: null, reason: problem.message, asOf: null };
  }
}

function entryOf(document, purpose) {
  const entries = Array.isArray(document.credentialStatus) ? document.credentialStatus : [];
  const entry = entries.find((each) => isObject(each) && each.statusPurpose === purpose);
  if (!entry) throw badStatusList(`the certificate names no status list for ${purpose}`);
  return entry;
}

function place(entry) {
  const { statusListCredential: url, statusListIndex: index, statusSize = 1 } = entry;
  if (typeof url !== "string" || typeof index !== "string" || !/^(?:0|[1-9][0-9]{0,9})$/.test(index)) {
    throw badStatusList("the certificate does not say where its status stands");
  }
  if (statusSize !== 1) throw badStatusList("the status has more than one bit, which nobody here publishes");
  return [url, Number(index)];
}

function listAt(url, lists) {
  const list = lists.get(url);
  if (!list) throw badStatusList("its status list is not at hand");
  return list instanceof Uint8Array ? parseObject(list) : list;
}

async function checkList(list, url, purpose, inquiry) {
  const subject = subjectOf(list);
  const isList = Array.isArray(list.type) && list.type.includes("BitstringStatusListCredential");
  if (!isList || subject.type !== "BitstringStatusList") throw badStatusList("what stands there is not a status list");
  if (list.id !== url || issuerOf(list) !== inquiry.issuer) {
    throw badStatusList("the status list is of another issuer or another place");
  }
  if (subject.statusPurpose !== purpose) throw badStatusList("the status list was published for another purpose");
  for (const proof of proofsOf(list)) await checkListProof(list, proof, inquiry);
}

async function checkListProof(list, proof, { issuer, trust, certifiedBy }) {
  if (controllerOf(proof) !== issuer) throw badStatusList("the status list is signed by somebody else");
  const key = await trust.keyOf(methodOf(proof));
  if (!key?.isCurrent || !(key.isTrusted || key.fingerprint === certifiedBy)) {
    throw badStatusList("the status list is signed with a key not known here");
  }
  await verifyProof(list, proof, key.publicKey);
}

function tooOldOrNew(list, published, now) {
  if (published > now + CLOCK_SKEW) return "the status list was published later than the moment asked about";
  return readTime(list.validUntil) < now ? `its status is known only as of ${minuteOf(published)}` : "";
}

function encoded(list) {
  const { encodedList } = subjectOf(list);
  if (typeof encodedList !== "string") throw badStatusList("the status list holds no bits");
  return encodedList;
}

async function decodeList(text) {
  const bits = await unpack(packed(text));
  if (bits.length * 8 < LENGTH) throw badStatusList(`the status list is shorter than ${LENGTH} entries`);
  return bits;
}

// Index 0 is the most significant bit of the first byte.
function isSet(bits, index) {
  if (index >= bits.length * 8) throw badStatusList("the index lies outside the status list");
  return Boolean(bits[index >> 3] & (0x80 >> (index & 7)));
}

function packed(text) {
  if (text.length > ENCODED_LIMIT) throw badStatusList("the status list is larger than any we read");
  if (!/^u[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 2) {
    throw badStatusList("the status list is not base64url with its u in front");
  }
  const standard = text.slice(1).replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(standard), (letter) => letter.charCodeAt(0));
}

async function unpack(bytes) {
  const reader = inSlices(bytes).pipeThrough(new DecompressionStream("gzip")).getReader();
  const bits = new Uint8Array(MAXIMUM_BYTES);
  let length = 0;
  for (let next; !(next = await readOn(reader)).done; length += next.value.length) {
    if (length + next.value.length > MAXIMUM_BYTES) {
      await reader.cancel();
      throw badStatusList("the status list unpacks to more than any we read");
    }
    bits.set(next.value, length);
  }
  return bits.subarray(0, length);
}

async function readOn(reader) {
  try {
    return await reader.read();
  } catch {
    throw badStatusList("the status list does not unpack");
  }
}

// Fed by the spoonful: a browser unpacks a whole chunk before one can stop it.
function inSlices(bytes) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += SLICE)));
    },
  });
}
