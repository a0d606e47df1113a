// {credential, documents, seed, controller, now, seconds} on stdin: how many a second it manages.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {
  createSignCryptosuite, createVerifyCryptosuite
} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {answer, loaderOf, readAsked} from '../tests/interop/loader.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

const {credential, documents, seed, controller, now, seconds} = readAsked();
const documentLoader = loaderOf(documents);
const key = await Ed25519Multikey.generate({controller, seed: Buffer.from(seed, 'hex')});
key.id = `${controller}#${key.publicKeyMultibase}`;
const signer = key.signer();

async function rate(act) {
  for(let warm = 0; warm < 100; warm++) {
    await act();
  }
  const start = performance.now();
  let count = 0;
  while(performance.now() - start < seconds * 1000) {
    await act();
    count++;
  }
  return count / ((performance.now() - start) / 1000);
}

const issue = () => vc.issue({
  credential: structuredClone(credential),
  now,
  suite: new DataIntegrityProof({signer, date: now, cryptosuite: createSignCryptosuite()}),
  documentLoader
});
const text = JSON.stringify(await issue());
const verify = async () => {
  const {verified} = await vc.verifyCredential({
    credential: JSON.parse(text),
    now,
    suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
    documentLoader,
    checkStatus: async () => ({verified: true})
  });
  if(!verified) {
    throw new Error('the peer does not verify its own certificate');
  }
};
answer({issue: await rate(issue), verify: await rate(verify)});
