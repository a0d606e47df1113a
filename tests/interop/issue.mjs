// {credential, documents, seed, controller, now} on stdin: signed by Digital Bazaar's library.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createSignCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {answer, loaderOf, readAsked} from './loader.mjs';

const {credential, documents, seed, controller, now} = readAsked();
const key = await Ed25519Multikey.generate({controller, seed: Buffer.from(seed, 'hex')});
key.id = `${controller}#${key.publicKeyMultibase}`;
answer(await vc.issue({
  credential,
  now,
  suite: new DataIntegrityProof({
    signer: key.signer(), date: now, cryptosuite: createSignCryptosuite()
  }),
  documentLoader: loaderOf(documents)
}));
