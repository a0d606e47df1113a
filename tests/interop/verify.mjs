// {credential, documents, now} on stdin: does Digital Bazaar's library say that it holds?
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {answer, loaderOf, readAsked} from './loader.mjs';

const {credential, documents, now} = readAsked();
const result = await vc.verifyCredential({
  credential,
  now,
  suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
  documentLoader: loaderOf(documents),
  // The proof is asked about here; our status lists are verified as credentials of their own.
  checkStatus: async () => ({verified: true})
});
const errors = result.error?.errors ?? (result.error ? [result.error] : []);
answer({verified: result.verified, errors: errors.map(error => error.message)});
