// Key files, passphrases and what is to be signed on stdin, as a list; on stdout for each the words
// and the file that the page would hand over, or the code and the reason of its refusal.
import { readFileSync } from "node:fs";
import { openKeyFile, readKeyFile } from "../../static/js/sign/keyfile.js";
import { createProof, proofFile, sheetFile } from "../../static/js/sign/proof.js";
import { readBody, readSheet } from "../../static/js/sign/statement.js";
import { Refusal } from "../../static/js/verify/refusal.js";

const bytesOf = (text) => Uint8Array.from(Buffer.from(text, "base64"));

async function signed({ body, sheet, key, passphrase, created }) {
  const statements = sheet === undefined ? [readBody(bytesOf(body))] : readSheet(bytesOf(sheet));
  const told = statements.map((each) => each.told);
  const opened = await openKeyFile(readKeyFile(bytesOf(key)), passphrase);
  const readable = await crypto.subtle.exportKey("pkcs8", opened).then(() => true, () => false);
  const proofs = [];
  for (const each of statements) proofs.push(await createProof(each, opened, new Date(created)));
  const file = sheet === undefined ? proofFile(proofs[0]) : sheetFile(statements, proofs);
  return { told, file, readable };
}

const answers = [];
for (const each of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(
    await signed(each).catch((problem) => {
      if (!(problem instanceof Refusal)) throw problem;
      return { code: problem.code, reason: problem.message };
    }),
  );
}
process.stdout.write(JSON.stringify(answers));
