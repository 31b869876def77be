// validate.js documents: docs/openapi.json and docs/asyncapi.json against the
// schemas of their own formats.
//
// validate.js values: reads {document, pointer, value} from the standard
// input, a line each, and validates the value against the schema at that
// place.  Objects may have no member that the schema does not name.
//
// Prints a line of JSON for each: {valid, errors}.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const documents = {
  openapi: read('../../docs/openapi.json'),
  asyncapi: read('../../docs/asyncapi.json'),
};


function read(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}


function say(valid, errors) {
  console.log(JSON.stringify({ valid, errors: valid ? null : errors }));
}


async function checkDocuments() {
  const openapi = await new Validator().validate(structuredClone(documents.openapi));
  say(openapi.valid, openapi.errors);

  const version = documents.asyncapi.asyncapi;
  const schema = createRequire(import.meta.url)(
    `@asyncapi/specs/schemas/${version}-without-$id.json`,
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const check = ajv.compile(schema);
  say(check(documents.asyncapi), check.errors);
}


// Makes a schema say no to members that it does not name.
function strict(node) {
  if (Array.isArray(node)) return node.map(strict);
  if (node === null || typeof node !== 'object') return node;

  const copy = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, strict(value)]),
  );

  if (copy.type === 'object' && copy.properties) copy.additionalProperties ??= false;

  return copy;
}


async function checkValues() {
  const ajvs = {
    openapi: new Ajv2020({ strict: false, allErrors: true }),
    asyncapi: new Ajv({ strict: false, allErrors: true }),
  };

  for (const [name, ajv] of Object.entries(ajvs)) {
    addFormats.default(ajv);

    // "id" means something else to a schema.
    ajv.addSchema({ ...strict(documents[name]), id: undefined }, name);
  }

  for await (const line of createInterface({ input: process.stdin })) {
    const { document, pointer, value } = JSON.parse(line);
    const check = ajvs[document].getSchema(`${document}#${pointer}`);

    if (check === undefined) {
      say(false, `no schema at ${pointer}`);
    } else {
      say(check(value), check.errors);
    }
  }
}


await (process.argv[2] === 'documents' ? checkDocuments() : checkValues());
