import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

import { readXml, toJson, writeXml } from '../src/index.js';
import { KIND_NAMES, type Kind } from '../src/kinds.js';
import { messageOf } from '../src/message.fixture.js';
import { elementTables } from './element-tables.js';
import { EXAMPLES } from './examples.js';
import { jsonSchemaOf } from './json-schema.js';
import { xsdOf } from './xsd.js';

/** The web API knows these. */
const JSON_KINDS = ['OQSsiquc01req', 'OQSsiquc01res'] as const;

const DOCS = resolve(import.meta.dirname, '../../../docs/oqs');
const SAMPLES = resolve(import.meta.dirname, '../../../../shared/samples/oqs');

/** What is wrong with a document, by the schema that is published; nothing where it fits. */
const complaints = (kind: Kind, xml: string): string[] => {
  using schema = XmlDocument.fromString(xsdOf(kind));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
};
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** `npm run documents` writes these files anew. */
describe('docs/oqs is what the code does', () => {
  it('elements.md', async () => {
    await expect(elementTables()).toMatchFileSnapshot(`${DOCS}/elements.md`);
  });

  it.each(KIND_NAMES)('xsd/%s.xsd', async (kind) => {
    await expect(xsdOf(kind)).toMatchFileSnapshot(`${DOCS}/xsd/${kind}.xsd`);
  });

  it.each(KIND_NAMES)('examples/%s.xml', async (kind) => {
    await expect(text(writeXml(kind, EXAMPLES[kind]).bytes)).toMatchFileSnapshot(`${DOCS}/examples/${kind}.xml`);
  });

  it.each(JSON_KINDS)('json-schema/%s.json', async (kind) => {
    await expect(`${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`).toMatchFileSnapshot(
      `${DOCS}/json-schema/${kind}.json`,
    );
  });

  it.each(JSON_KINDS)('examples/%s.json', async (kind) => {
    await expect(`${JSON.stringify(toJson(kind, EXAMPLES[kind]), null, 2)}\n`).toMatchFileSnapshot(
      `${DOCS}/examples/${kind}.json`,
    );
  });

  it('and nothing else lies there that once was', () => {
    expect(readdirSync(`${DOCS}/xsd`).toSorted()).toEqual(KIND_NAMES.map((kind) => `${kind}.xsd`).toSorted());
  });
});

describe.each(KIND_NAMES)('%s', (kind) => {
  it('its example is read without a fault, and fits its schema', () => {
    const { bytes } = writeXml(kind, EXAMPLES[kind]);
    expect(readXml(kind, bytes)).toMatchObject({ outcome: 'read', unknown: [] });
    expect(complaints(kind, text(bytes))).toEqual([]);
  });

  it('whatever is written fits its schema', () => {
    fc.assert(
      fc.property(messageOf(kind), (message) => {
        expect(complaints(kind, text(writeXml(kind, message).bytes))).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  it('its schema refuses what does not fit', () => {
    const xml = text(writeXml(kind, EXAMPLES[kind]).bytes);
    const code = '<MedicalInstitutionCode>1319999999</MedicalInstitutionCode>';
    expect(complaints(kind, xml.replace(code, ''))).toHaveLength(1);
    expect(complaints(kind, xml.replace(code, code.replace('999', 'x')))).toHaveLength(1);
    expect(complaints(kind, xml.replace(code, `${code}<Nobody/>`))).toHaveLength(1);
  });
});

describe.each(JSON_KINDS)('%s in JSON', (kind) => {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(jsonSchemaOf(kind));

  it('whatever is written fits its schema', () => {
    fc.assert(
      fc.property(messageOf(kind), (message) => {
        expect(validate(toJson(kind, message)), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('its schema refuses a number for a text, and a message without its institution', () => {
    const json = JSON.stringify(toJson(kind, EXAMPLES[kind]));
    expect(validate(JSON.parse(json.replace('"1319999999"', '1319999999')))).toBe(false);
    expect(validate(JSON.parse(json.replace('"MedicalInstitutionCode"', '"Other"')))).toBe(false);
  });
});

describe.skipIf(!existsSync(SAMPLES))('the samples of the real interface', () => {
  const sample = (file: string, charset = 'utf-8'): string =>
    new TextDecoder(charset).decode(readFileSync(resolve(SAMPLES, file))).replace(/encoding=["'][^"']*["']/u, '');

  it.each([
    ['captured-01-siquc01res-face-utf8.xml', 'OQSsiquc01res_face', 'utf-8'],
    ['captured-03-siimm01res-utf8.xml', 'OQSsiimm01res', 'utf-8'],
    ['client-01b-siquc01req-sanox-filled.xml', 'OQSsiquc01req', 'utf-8'],
    ['client-05-siimm01req-sjis.xml', 'OQSsiimm01req', 'shift_jis'],
    ['client-07-muimm01req-sjis.xml', 'OQSmuimm01req', 'shift_jis'],
    ['client-08-bulk-02req-sjis.xml', 'OQSmuquc02req', 'shift_jis'],
    ['derived-01-muquc01req.xml', 'OQSmuquc01req', 'utf-8'],
    ['derived-03-muquc02req.xml', 'OQSmuquc02req', 'utf-8'],
    ['derived-04-muquc02res.xml', 'OQSmuquc02res', 'utf-8'],
    ['derived-07-siquc01res-not-found.xml', 'OQSsiquc01res', 'utf-8'],
    ['derived-08-siquc01res-multiple.xml', 'OQSsiquc01res', 'utf-8'],
    ['derived-09-siquc01res-full-utf8.xml', 'OQSsiquc01res', 'utf-8'],
  ] as const)('%s fits the schema of %s', (file, kind, charset) => {
    expect(complaints(kind, sample(file, charset))).toEqual([]);
  });

  // Put together by hand from what clients read, never seen on the wire: they lack what we always write.
  it.each([
    ['derived-02-muquc01res.xml', 'OQSmuquc01res', 'SegmentOfResult'],
    ['derived-05-muimm02res.xml', 'OQSmuimm02res', 'ProcessExecutionTime'],
    ['derived-06-siquc01res-system-error.xml', 'OQSsiquc01res', 'MessageBody'],
  ] as const)('%s lacks what %s always has: %s', (file, kind, element) => {
    expect(complaints(kind, sample(file)).join()).toContain(element);
  });

  it('the web API fits its schemas', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    for (const [file, kind] of [
      ['captured-02-webapi-search-response.json', 'OQSsiquc01res'],
      ['client-02-webapi-search-request.json', 'OQSsiquc01req'],
    ] as const) {
      const validate = ajv.compile(jsonSchemaOf(kind));
      expect(validate(JSON.parse(sample(file))), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});
