// The one error of this folder: what came in cannot be read or believed, and why, in one sentence.
export class Refusal extends Error {
  constructor(code, reason) {
    super(reason);
    this.code = code;
  }
}

export const malformed = (reason) => new Refusal("malformed", reason);
export const outOfSubset = (reason) => new Refusal("out_of_subset", reason);
export const tooLarge = (reason) => new Refusal("too_large", reason);
export const badKey = (reason) => new Refusal("bad_key", reason);
// Of a Multikey that is one, of a key that is none: no other reading of it could help.
export const unsoundKey = (reason) => Object.assign(badKey(reason), { isUnsound: true });
export const badProof = (reason) => new Refusal("bad_proof", reason);
export const badStatusList = (reason) => new Refusal("bad_status_list", reason);
