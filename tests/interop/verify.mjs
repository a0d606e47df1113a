// {credential, documents, now} on stdin: does Digital Bazaar's library say that it holds?
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import {answer, loaderOf, readAsked} from './loader.mjs';

const {credential, documents, now} = readAsked();
const documentLoader = loaderOf(documents);
const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
const issued = await vc.verifyCredential({
  credential, now, suite, documentLoader,
  // The proof is asked about here; our status lists are verified as credentials of their own.
  checkStatus: async () => ({verified: true})
});
// Of a set it asks for one proof, the issuer's; each is put to it alone, for its own controller.
const alone = await Promise.all([credential.proof].flat().map(proof => jsigs.verify(
  {...credential, proof},
  {suite, documentLoader, purpose: new jsigs.purposes.AssertionProofPurpose({date: now})}
)));
const results = [issued, ...alone];
const errors = results.flatMap(({error}) => error?.errors ?? error ?? []);
answer({
  verified: results.every(each => each.verified),
  errors: [...new Set(errors.map(error => error.message))]
});
