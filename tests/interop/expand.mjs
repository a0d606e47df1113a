// {credential, documents} on stdin: the statements it makes as RDF, every word defined.
import jsonld from 'jsonld';
import {answer, loaderOf, readAsked} from './loader.mjs';

const {credential, documents} = readAsked();
try {
  const statements = await jsonld.toRDF(credential, {
    documentLoader: loaderOf(documents), format: 'application/n-quads', safe: true
  });
  answer({statements: statements.trim().split('\n')});
} catch(error) {
  answer({error: `${error.message} ${JSON.stringify(error.details ?? {})}`});
}
