// Golden cases on stdin, as a list; the verdicts of the /verify page's module on stdout.
import { readFileSync } from "node:fs";
import * as refusal from "../../static/js/verify/refusal.js";
import * as trust from "../../static/js/verify/trust.js";
import * as verify from "../../static/js/verify/verify.js";
import * as words from "../../static/js/verify/words.js";
import { judge } from "./judge.mjs";

const answers = [];
for (const each of JSON.parse(readFileSync(0, "utf8"))) answers.push(await judge(each, { verify, words, trust, refusal }));
process.stdout.write(JSON.stringify(answers));
