import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { readClipboard, readJson, readXml, type Kind } from './index.js';

/** Messages of the real interface, which are not part of the project: replayed where they are. */
const SAMPLES = resolve(import.meta.dirname, '../../../../shared/samples/oqs');

const XML: readonly (readonly [string, Kind, 'read' | 'faulty' | 'malformed'])[] = [
  ['captured-01-siquc01res-face-utf8.xml', 'OQSsiquc01res_face', 'read'],
  ['captured-03-siimm01res-utf8.xml', 'OQSsiimm01res', 'read'],
  ['client-01-siquc01req-sanox-template.xml', 'OQSsiquc01req', 'faulty'],
  ['client-01b-siquc01req-sanox-filled.xml', 'OQSsiquc01req', 'read'],
  ['client-05-siimm01req-sjis.xml', 'OQSsiimm01req', 'read'],
  ['client-06-siimm01req-sanox-partial.txt', 'OQSsiimm01req', 'malformed'],
  ['client-07-muimm01req-sjis.xml', 'OQSmuimm01req', 'read'],
  ['client-08-bulk-02req-sjis.xml', 'OQSmuquc02req', 'read'],
  ['client-08-bulk-02req-sjis.xml', 'OQSmuimm02req', 'read'],
  ['client-08-bulk-02req-sjis.xml', 'OQSmutic02req', 'read'],
  ['client-08-bulk-02req-sjis.xml', 'OQSmuhvq02req', 'read'],
  ['client-08-bulk-02req-sjis.xml', 'OQSmuonq02req', 'read'],
  ['derived-01-muquc01req.xml', 'OQSmuquc01req', 'read'],
  ['derived-02-muquc01res.xml', 'OQSmuquc01res', 'read'],
  ['derived-03-muquc02req.xml', 'OQSmuquc02req', 'read'],
  ['derived-04-muquc02res.xml', 'OQSmuquc02res', 'read'],
  ['derived-05-muimm02res.xml', 'OQSmuimm02res', 'read'],
  ['derived-06-siquc01res-system-error.xml', 'OQSsiquc01res', 'read'],
  ['derived-07-siquc01res-not-found.xml', 'OQSsiquc01res', 'read'],
  ['derived-08-siquc01res-multiple.xml', 'OQSsiquc01res', 'read'],
  ['derived-09-siquc01res-full-utf8.xml', 'OQSsiquc01res', 'read'],
];

describe.skipIf(!existsSync(SAMPLES))('the samples of the real interface', () => {
  it.each(XML)('%s as %s is %s', (file, kind, outcome) => {
    const reading = readXml(kind, readFileSync(resolve(SAMPLES, file)));
    expect(reading).toMatchObject({ outcome, ...(outcome === 'malformed' ? {} : { unknown: [] }) });
  });

  it.each([
    ['captured-02-webapi-search-response.json', 'OQSsiquc01res'],
    ['client-02-webapi-search-request.json', 'OQSsiquc01req'],
  ] as const)('%s as %s is read', (file, kind) => {
    const json: unknown = JSON.parse(readFileSync(resolve(SAMPLES, file), 'utf8'));
    expect(readJson(kind, json)).toMatchObject({ outcome: 'read', unknown: [] });
  });

  it('client-18-mynashikaku-app-clipboard.txt becomes a face message', () => {
    const text = readFileSync(resolve(SAMPLES, 'client-18-mynashikaku-app-clipboard.txt'), 'utf8');
    const reading = readClipboard(text, { institutionCode: '1311111111', at: '20260701093015' });
    expect(reading).toMatchObject({
      outcome: 'read',
      unknown: [],
      message: {
        MessageBody: {
          QualificationValidity: '1',
          ResultList: {
            ResultOfQualificationConfirmation: [
              {
                InsurerNumber: '06123456',
                NameKana: 'ｼｹﾝ ﾀﾛｳ',
                Birthdate: '19800401',
                PersonalFamilyClassification: '1',
              },
            ],
          },
        },
      },
    });
  });
});
