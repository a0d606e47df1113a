// Just as much DER (ITU-T X.690) as a key file needs, read strictly: one spelling for each value.
import { hex } from "../verify/keys.js";

const INTEGER = 0x02;
const OCTETS = 0x04;
const NULL = 0x05;
const NAME = 0x06;
const SEQUENCE = 0x30;

export class NotDer extends Error {}

export class Der {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get isAtEnd() {
    return this.at === this.bytes.length;
  }

  isInteger() {
    return this.bytes[this.at] === INTEGER;
  }

  sequence() {
    return new Der(this.take(SEQUENCE));
  }

  octets() {
    return this.take(OCTETS);
  }

  // An object identifier, in the hex digits of its content.
  name() {
    return hex(this.take(NAME));
  }

  nothing() {
    if (this.take(NULL).length) throw new NotDer("a NULL that holds something");
  }

  // A whole number from 0 to 2^31-1, as short as it can be written.
  integer() {
    const content = this.take(INTEGER);
    const isPadded = content.length > 1 && content[0] === 0 && content[1] < 0x80;
    if (!content.length || content[0] > 0x7f || isPadded) throw new NotDer("a number in another form");
    if (content.length > 4) throw new NotDer("a number beyond 2^31");
    return content.reduce((number, byte) => number * 256 + byte, 0);
  }

  end() {
    if (!this.isAtEnd) throw new NotDer("something follows");
  }

  take(tag) {
    if (this.byte() !== tag) throw new NotDer("another kind of value");
    const length = this.length();
    const content = this.bytes.subarray(this.at, this.at + length);
    if (content.length !== length) throw new NotDer("cut off");
    this.at += length;
    return content;
  }

  // X.690 section 10.1: in the fewest bytes. Two of them reach 64 KiB, more than any key file has.
  length() {
    const first = this.byte();
    if (first < 0x80) return first;
    if (first !== 0x81 && first !== 0x82) throw new NotDer("a length in another form");
    const length = first === 0x81 ? this.byte() : this.byte() * 256 + this.byte();
    if (length < (first === 0x81 ? 0x80 : 0x100)) throw new NotDer("a length in another form");
    return length;
  }

  byte() {
    if (this.isAtEnd) throw new NotDer("cut off");
    return this.bytes[this.at++];
  }
}
