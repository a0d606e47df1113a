// A document loader that knows what it was given and the W3C contexts, and never asks the network.
import {named as credentials} from '@digitalbazaar/credentials-context';
import {readFileSync} from 'node:fs';

const DID_CONTEXT = 'https://www.w3.org/ns/did/v1';
const MULTIKEY_CONTEXT = 'https://w3id.org/security/multikey/v1';

// Both contexts are published as text; nothing here is expanded with them, only fetched.
const CONTEXTS = new Map([
  [DID_CONTEXT, {'@context': {'@protected': true, id: '@id', type: '@type'}}],
  [MULTIKEY_CONTEXT, {'@context': {'@protected': true, id: '@id', type: '@type'}}]
]);
for(const {id, context} of credentials.values()) {
  CONTEXTS.set(id, context);
}

// Each verification method of a DID document is a document of its own, as a resolver gives it.
function withMethods(documents) {
  const all = new Map(Object.entries(documents));
  for(const document of Object.values(documents)) {
    for(const method of document.verificationMethod ?? []) {
      all.set(method.id, {'@context': MULTIKEY_CONTEXT, ...method});
    }
  }
  return all;
}

export function loaderOf(documents) {
  const known = withMethods(documents);
  return async url => {
    const document = known.get(url) ?? CONTEXTS.get(url);
    if(!document) {
      throw new Error(`nobody gave us ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
  };
}

export function readAsked() {
  return JSON.parse(readFileSync(0, 'utf8'));
}

export function answer(value) {
  process.stdout.write(JSON.stringify(value));
}
