import { answerFileName, faceFileName, isRequest, oqsDateTime, parseFileName } from './index.js';

it.each([
  ['OQSsiquc01req_202607010001.xml', 'OQSsiquc01req', '202607010001', 'xml'],
  ['OQSsiquc01res_202607010001.xml', 'OQSsiquc01res', '202607010001', 'xml'],
  [
    'OQSsiquc01res_face_131111111100112233445566778899_20260701093015.xml',
    'OQSsiquc01res_face',
    '131111111100112233445566778899_20260701093015',
    'xml',
  ],
  ['OQSmuquc02req_予約 1 (2).XML', 'OQSmuquc02req', '予約 1 (2)', 'xml'],
  ['oqssiquc01REQ_a.b.xml', 'OQSsiquc01req', 'a.b', 'xml'],
  ['OQSmuimm01req_1.err', 'OQSmuimm01req', '1', 'err'],
  ['OQSmutic02res_1.zip', 'OQSmutic02res', '1', 'zip'],
])('%s is of %s', (name, kind, tail, extension) => {
  expect(parseFileName(name)).toEqual({ kind, tail, extension });
});

it.each([
  ['another message', 'YZKsiquc01req_1.xml'],
  ['no such message', 'OQSsiquc02req_1.xml'],
  ['no tail', 'OQSsiquc01req_.xml'],
  ['no underscore', 'OQSsiquc01req.xml'],
  ['no extension', 'OQSsiquc01req_1'],
  ['another extension', 'OQSsiquc01req_1.xml.tmp'],
  ['a path', 'OQSsiquc01req_../../1.xml'],
  ['a path of Windows', 'OQSsiquc01req_..\\1.xml'],
  ['a control character', 'OQSsiquc01req_1\u0007.xml'],
  ['NUL', 'OQSsiquc01req_1.xml\u0000.xml'],
  ['a device', 'OQSsiquc01req_a:b.xml'],
  ['more than a file system takes', `OQSsiquc01req_${'あ'.repeat(80)}.xml`],
  ['something before', ' OQSsiquc01req_1.xml'],
])('%s is no file of ours', (_what, name) => {
  expect(parseFileName(name)).toBeUndefined();
  expect(answerFileName(name)).toBeUndefined();
});

it.each([
  ['OQSsiquc01req_202607010001.xml', 'xml', 'OQSsiquc01res_202607010001.xml'],
  ['OQSsiquc01req_req_1.xml', 'xml', 'OQSsiquc01res_req_1.xml'],
  ['oqsmuquc01REQ_A.XML', 'xml', 'oqsmuquc01RES_A.xml'],
  ['OQSmuquc02req_1.xml', 'zip', 'OQSmuquc02res_1.zip'],
  ['OQSsiquc01req_1.xml', 'err', 'OQSsiquc01res_1.err'],
] as const)('%s is answered in %s by %s', (request, extension, answer) => {
  expect(answerFileName(request, extension)).toBe(answer);
});

it('an answer is not answered', () => {
  expect(answerFileName('OQSsiquc01res_1.xml')).toBeUndefined();
  expect(isRequest('OQSsiquc01req')).toBe(true);
  expect(isRequest('OQSsiquc01res_face')).toBe(false);
});

it('the name of a face message is one that watchers look for', () => {
  const name = faceFileName('1311111111', '00112233445566778899', '20260701093015');
  expect(name).toMatch(/^OQSsiquc01res_face_.+_(\d{14})\.xml$/u);
  expect(parseFileName(name)?.kind).toBe('OQSsiquc01res_face');
});

it.each([
  ['2026-06-30T14:59:59.999Z', '20260630235959'],
  ['2026-06-30T15:00:00Z', '20260701000000'],
  ['2026-12-31T15:00:00Z', '20270101000000'],
])('%s is %s in Japan', (instant, digits) => {
  expect(oqsDateTime(Date.parse(instant))).toBe(digits);
});
