// One golden case put to the module of the /verify page, in Chromium or in Node: the same answer
// as `told` in test_golden.py, and beside it the reasons and the headline.
export async function judge(theCase, modules) {
  const { verify: checks, words, trust: trusting, refusal } = modules;
  const documents = (name) => Promise.all(theCase.trust[name].map((each) => trusting.readDidDocument(each)));
  const trust = new trusting.Trust({
    documents: await documents("documents"),
    supplied: await documents("supplied"),
    fingerprints: theCase.trust.fingerprints,
  });
  const asked = { trust, lists: new Map(Object.entries(theCase.statusLists)), now: Date.parse(theCase.at) };
  const verdict = await judged(theCase, asked, checks, refusal);
  return {
    answer: verdict.answer,
    exitCode: checks.exitCode(verdict),
    checks: Object.fromEntries(verdict.checks.map((check) => [check.number, check.outcome])),
    unreliableSince: verdict.unreliableSince,
    reasons: verdict.checks.map((check) => check.reason),
    fingerprint: verdict.fingerprint,
    headline: said(words.headlineOf(verdict)),
  };
}

const said = ({ title, line, ribbon, punch }) => [title, line, ribbon, punch];

async function judged(theCase, asked, checks, refusal) {
  const bytes = Uint8Array.from(atob(theCase.base64), (letter) => letter.charCodeAt(0));
  try {
    return await checks.verify(await checks.readFile(bytes), { ...asked, siteSays: siteSays(theCase) });
  } catch (problem) {
    if (!(problem instanceof refusal.Refusal)) throw problem;
    return checks.unreadable(problem);
  }
}

// Checks 9 to 11 as the site would tell them, where the case says that they were asked.
function siteSays({ siteSays: told = [] }) {
  return Object.fromEntries(told.map(({ number, holds, reason, isNeeded }) => [
    number, { holds, reason, isNeeded, bySite: true, answer: holds === false ? "failed" : null },
  ]));
}
