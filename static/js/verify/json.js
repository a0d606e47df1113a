// Strict JSON in, as RFC 8259 has it: size and depth are judged first, and a key stands once.
import { malformed, outOfSubset, tooLarge } from "./refusal.js";

export const CERTIFICATE_LIMIT = 256 * 1024;
export const BUNDLE_LIMIT = 2 * 1024 * 1024;
export const DEPTH_LIMIT = 32;

const ESCAPED = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { true: true, false: false, null: null };
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const NO_JSON = /NaN|-?Infinity/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const LONGEST_INTEGER = 4300; // digits; reading more costs their square

// A number that JSON allows and a certificate does not: kept apart, since 1.0 would read as 1.
export class Fraction {
  constructor(text) {
    this.value = Number(text);
  }
}

export function parseJSON(bytes, limit = CERTIFICATE_LIMIT) {
  if (bytes.length > limit) throw tooLarge(`it is larger than ${limit / 1024} KiB`);
  checkDepth(bytes);
  return new Reader(decode(bytes)).whole();
}

export function parseObject(bytes, limit = CERTIFICATE_LIMIT) {
  const value = parseJSON(bytes, limit);
  if (!isObject(value)) throw malformed("it is JSON, but not an object");
  return value;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Fraction);
}

export function isSame(one, other) {
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((each, n) => isSame(each, other[n]));
  }
  if (one instanceof Fraction) return one.value === other?.value;
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  const isThere = (name) => Object.hasOwn(other, name) && isSame(one[name], other[name]);
  return names.length === Object.keys(other).length && names.every(isThere);
}

// Brackets are counted before anything is parsed, those inside texts left out.
function checkDepth(bytes) {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) inText = !inText;
    else if (inText) at += byte === 0x5c ? 1 : 0;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > DEPTH_LIMIT) throw tooLarge(`it is nested deeper than ${DEPTH_LIMIT} levels`);
  }
}

function decode(bytes) {
  try {
    // A byte order mark is left in, so that the parser refuses it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("it is not UTF-8 text");
  }
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value();
    this.take(SPACE);
    if (this.at < this.text.length) throw malformed("it is not JSON");
    return value;
  }

  value() {
    this.take(SPACE);
    const next = this.text[this.at];
    if (next === "{") return this.object();
    if (next === "[") return this.list();
    if (next === '"') return this.string();
    const word = this.take(WORD);
    if (word) return WORDS[word[0]];
    const constant = this.take(NO_JSON);
    if (constant) throw malformed(`${constant[0]} is not JSON`);
    return this.number();
  }

  object() {
    // Without a prototype, so that no name of a member means anything to this language.
    const members = Object.create(null);
    let count = 0;
    this.each("}", () => {
      this.take(SPACE);
      const name = this.string();
      this.take(SPACE);
      this.expect(":");
      members[name] = this.value();
      count++;
    });
    if (Object.keys(members).length !== count) throw outOfSubset("a key stands twice in one object");
    return members;
  }

  list() {
    const items = [];
    this.each("]", () => items.push(this.value()));
    return items;
  }

  each(end, readOne) {
    this.at++;
    this.take(SPACE);
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    do {
      readOne();
      this.take(SPACE);
    } while (this.text[this.at] === "," && ++this.at);
    this.expect(end);
  }

  string() {
    this.expect('"');
    let told = "";
    for (;;) {
      told += this.take(PLAIN)[0];
      const next = this.text[this.at++];
      if (next === '"') return told;
      if (next !== "\\") throw malformed("it is not JSON");
      told += this.escaped();
    }
  }

  escaped() {
    const letter = this.text[this.at++];
    if (letter in ESCAPED) return ESCAPED[letter];
    const code = letter === "u" && this.take(HEX);
    if (!code) throw malformed("it is not JSON");
    return String.fromCharCode(parseInt(code[0], 16));
  }

  number() {
    const found = this.take(NUMBER);
    if (!found) throw malformed("it is not JSON");
    const [, integer, fraction, exponent] = found;
    if (fraction || exponent) return new Fraction(found[0]);
    if (integer.length > LONGEST_INTEGER) throw malformed("it is not JSON");
    const value = Number(integer);
    return Number.isSafeInteger(value) ? value || 0 : BigInt(integer); // never -0
  }

  expect(letter) {
    if (this.text[this.at] !== letter) throw malformed("it is not JSON");
    this.at++;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}
