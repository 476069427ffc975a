import { BULK_MAX_BYTES, readBulkXml, readXml, SINGLE_MAX_BYTES } from './read-xml.js';

const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n';
const HEADER = '<MessageHeader><MedicalInstitutionCode>1311111111</MedicalInstitutionCode></MessageHeader>';
const withBody = (body: string, declaration = DECLARED): string =>
  `${declaration}<XmlMsg>${HEADER}<MessageBody>${body}</MessageBody></XmlMsg>`;
const RECEPTION = '<ReceptionNumber>1</ReceptionNumber>';

const read = (xml: string): ReturnType<typeof readXml<'OQSmuquc02req'>> => readXml('OQSmuquc02req', Buffer.from(xml));
const registration = (more: string, header = HEADER): ReturnType<typeof readXml<'OQSsiimm01req'>> =>
  readXml(
    'OQSsiimm01req',
    Buffer.from(
      `${DECLARED}<XmlMsg>${header}<MessageBody><ReferenceNumberRegistrationInfo><ReferenceNumber>24434</ReferenceNumber>${more}</ReferenceNumberRegistrationInfo></MessageBody></XmlMsg>`,
    ),
  );
const INSURED = '<InsurerNumber>06139995</InsurerNumber><InsuredIdentificationNumber>120</InsuredIdentificationNumber>';

const bombs = (): string => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE XmlMsg [<!ENTITY a0 "ha">${entities.join('')}]><XmlMsg>&a9;</XmlMsg>`;
};

describe('a hostile message is refused, and says where', () => {
  it.each([
    ['a billion laughs', bombs(), 'doctype-refused'],
    [
      'an external entity',
      '<!DOCTYPE XmlMsg [<!ENTITY x SYSTEM "file:///etc/passwd">]><XmlMsg>&x;</XmlMsg>',
      'doctype-refused',
    ],
    ['an external DTD', '<!DOCTYPE XmlMsg SYSTEM "http://example.invalid/x.dtd"><XmlMsg/>', 'doctype-refused'],
    ['a parameter entity', '<!DOCTYPE XmlMsg [<!ENTITY % x SYSTEM "x"> %x;]><XmlMsg/>', 'doctype-refused'],
    ['an entity nobody defined', withBody('<ReceptionNumber>&who;</ReceptionNumber>'), 'entity-refused'],
    ['an entity in an attribute', withBody('<ReceptionNumber a="&who;">1</ReceptionNumber>'), 'entity-refused'],
    ['the character NUL by number', withBody('<ReceptionNumber>&#0;</ReceptionNumber>'), 'entity-refused'],
    ['half a surrogate pair by number', withBody('<ReceptionNumber>&#xD800;</ReceptionNumber>'), 'entity-refused'],
    ['a number beyond all characters', withBody('<ReceptionNumber>&#x110000;</ReceptionNumber>'), 'entity-refused'],
    ['the character NUL', withBody('<ReceptionNumber>a\u0000</ReceptionNumber>'), 'not-well-formed'],
    ['an escape character', withBody('<ReceptionNumber>\u001b[2J</ReceptionNumber>'), 'not-well-formed'],
    [
      'a stylesheet',
      `<?xml-stylesheet href="http://example.invalid/"?>${withBody(RECEPTION, '')}`,
      'processing-instruction-refused',
    ],
    ['a processing instruction behind', `${withBody(RECEPTION)}<?php ?>`, 'processing-instruction-refused'],
    ['a second declaration', withBody(`<?xml version="1.0"?>${RECEPTION}`), 'not-well-formed'],
    ['an abyss', withBody('<a>'.repeat(100_000)), 'too-deep'],
    ['an attribute twice', withBody('<ReceptionNumber a="1" a="2">1</ReceptionNumber>'), 'not-well-formed'],
    ['tags that cross', withBody('<a><b></a></b>'), 'not-well-formed'],
    ['half a message', withBody(RECEPTION).slice(0, -10), 'not-well-formed'],
    ['two messages', withBody(RECEPTION) + withBody(RECEPTION, ''), 'not-well-formed'],
    [
      'a value of a mebibyte',
      withBody(`<ReceptionNumber>${'1'.repeat(1_100_000)}</ReceptionNumber>`),
      'piece-too-long',
    ],
    ['a comment of a mebibyte', withBody(`<!--${'1'.repeat(1_100_000)}-->${RECEPTION}`), 'piece-too-long'],
    ['a name of a mebibyte', withBody(`<${'a'.repeat(1_100_000)}/>${RECEPTION}`), 'piece-too-long'],
    ['another root', '<Envelope/>', 'not-a-message'],
    ['no XML', 'hello', 'not-well-formed'],
  ])('%s', (_what, xml, code) => {
    expect(read(xml)).toMatchObject({
      outcome: 'malformed',
      fault: { code, position: { line: expect.any(Number) as number, column: expect.any(Number) as number } },
    });
  });

  it.each(['', ' ', '\n\n'])('%j is nothing', (xml) => {
    expect(read(xml)).toMatchObject({ outcome: 'malformed', fault: { code: 'not-well-formed' } });
  });

  it('the position is that of the fault', () => {
    expect(read(withBody(`\n\n  <ReceptionNumber>&who;</ReceptionNumber>`))).toMatchObject({
      fault: { ja: '使用できない実体参照又は文字参照があります。（4行25文字目）', position: { line: 4, column: 25 } },
    });
  });

  it('a single message has four mebibytes, and not a byte more', () => {
    const comments = `<!--${'-x'.repeat(100_000).slice(1)}-->`.repeat(20);
    const xml = (bytes: number): Buffer => Buffer.from(withBody(RECEPTION, DECLARED + comments).padEnd(bytes, ' '));
    expect(readXml('OQSmuquc02req', xml(SINGLE_MAX_BYTES)).outcome).toBe('read');
    expect(readXml('OQSmuquc02req', xml(SINGLE_MAX_BYTES + 1))).toMatchObject({ fault: { code: 'too-large' } });
  });

  it('a stream of more than 64 mebibytes is not taken to its end', async () => {
    let isAskedForMore = false;
    const endless = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(`${DECLARED}<XmlMsg>${HEADER}<MessageBody>`);
      yield Buffer.alloc(BULK_MAX_BYTES, ' ');
      isAskedForMore = true;
    };
    const reading = await readBulkXml('OQSmuimm01req', endless(), () => {});
    expect(reading).toMatchObject({ outcome: 'malformed', fault: { code: 'too-large' } });
    expect(isAskedForMore).toBe(false);
  });

  it('names of JavaScript are names like any other', () => {
    const xml = withBody(`<__proto__>1</__proto__><constructor><a>1</a></constructor><toString/>${RECEPTION}`);
    expect(read(xml)).toMatchObject({
      outcome: 'read',
      message: { MessageBody: { ReceptionNumber: '1' } },
      unknown: [
        { path: 'MessageBody/__proto__', text: '1' },
        { path: 'MessageBody/constructor/a', text: '1' },
        { path: 'MessageBody/constructor', text: '' },
        { path: 'MessageBody/toString', text: '' },
      ],
    });
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('a thousand unknown elements and a thousand faults fill no memory', () => {
    const reading = registration('<x>1</x>'.repeat(1000) + '<InsurerNumber>x</InsurerNumber>'.repeat(1000));
    expect(reading.outcome === 'faulty' && [reading.unknown.length, reading.faults.length]).toEqual([50, 100]);
  });
});

describe('what clients write is read', () => {
  const expected = {
    outcome: 'read',
    unknown: [],
    message: {
      MessageBody: {
        ReferenceNumberRegistrationInfo: { InsurerNumber: '06139995', InsuredIdentificationNumber: '120' },
      },
    },
  };
  it.each([
    [
      'in another order',
      '<InsuredIdentificationNumber>120</InsuredIdentificationNumber><InsurerNumber>06139995</InsurerNumber>',
    ],
    [
      'with blanks in tags',
      '<InsurerNumber >06139995</InsurerNumber ><InsuredIdentificationNumber\n>120</InsuredIdentificationNumber>',
    ],
    [
      'with attributes',
      '<InsurerNumber xml:space="preserve">06139995</InsurerNumber><InsuredIdentificationNumber a="">120</InsuredIdentificationNumber>',
    ],
    [
      'with blanks around values',
      '<InsurerNumber> 06139995\n</InsurerNumber><InsuredIdentificationNumber>　120 </InsuredIdentificationNumber>',
    ],
    [
      'in full width',
      '<InsurerNumber>０６１３９９９５</InsurerNumber><InsuredIdentificationNumber>120</InsuredIdentificationNumber>',
    ],
    [
      'with comments and CDATA',
      '<InsurerNumber>0613<!-- -->9995</InsurerNumber><InsuredIdentificationNumber><![CDATA[120]]></InsuredIdentificationNumber>',
    ],
    [
      'with character references',
      '<InsurerNumber>&#48;6139995</InsurerNumber><InsuredIdentificationNumber>&#x31;20</InsuredIdentificationNumber>',
    ],
    ['with empty elements', `${INSURED}<InsuredCardSymbol></InsuredCardSymbol><InsuredBranchNumber/>`],
  ])('%s', (_how, xml) => {
    expect(registration(xml)).toMatchObject(expected);
  });

  it.each([
    ['six digits', '123456', '123456'],
    ['blanks on the left', '  123456', '123456'],
    ['zeros on the left', '00123456', '123456'],
    ['blanks in full width', '　　１２３４５６', '123456'],
    ['eight digits', '06139995', '06139995'],
  ])('an insurer number with %s', (_how, written, number) => {
    const reading = registration(INSURED.replace('06139995', written));
    expect(
      reading.outcome === 'read' && reading.message.MessageBody.ReferenceNumberRegistrationInfo.InsurerNumber,
    ).toBe(number);
  });

  it('an empty element is an absent one', () => {
    const reading = registration(`${INSURED}<InsuredCardSymbol> </InsuredCardSymbol>`);
    expect(
      reading.outcome === 'read' && Object.keys(reading.message.MessageBody.ReferenceNumberRegistrationInfo),
    ).not.toContain('InsuredCardSymbol');
  });

  it('empty lines before the declaration are counted and passed over', () => {
    expect(read(`\r\n\n${withBody(RECEPTION)}`).outcome).toBe('read');
    expect(read(`\r\n\n${withBody('<ReceptionNumber>&who;</ReceptionNumber>')}`)).toMatchObject({
      fault: { position: { line: 4 } },
    });
  });

  it.each(['1.0', '1.1'])('version %s of XML is read as 1.0', (version) => {
    expect(read(withBody(RECEPTION, `<?xml version="${version}"?>`)).outcome).toBe('read');
  });
});

describe('what is wrong in a field leaves the rest to be answered', () => {
  const BIRTH = '<Birthdate>19850401</Birthdate>';
  const question = (fields: string): ReturnType<typeof readXml<'OQSsiquc01req'>> =>
    readXml(
      'OQSsiquc01req',
      Buffer.from(
        `${DECLARED}<XmlMsg><MessageHeader><QualificationConfirmationDate>20260701</QualificationConfirmationDate><MedicalInstitutionCode>1311111111</MedicalInstitutionCode><ArbitraryFileIdentifier>a</ArbitraryFileIdentifier></MessageHeader><MessageBody><QualificationConfirmSearchInfo>${fields}</QualificationConfirmSearchInfo></MessageBody></XmlMsg>`,
      ),
    );

  it.each([
    ['a field that is needed', INSURED, 'missing', 'Birthdate', '生年月日（Birthdate）がありません。（2行267文字目）'],
    [
      'a day that is none',
      `${INSURED}<Birthdate>20260229</Birthdate>`,
      'no-such-day',
      'Birthdate',
      '生年月日（Birthdate）が暦にない日付です。',
    ],
    [
      'a month that is none',
      `${INSURED}<Birthdate>20261301</Birthdate>`,
      'format',
      'Birthdate',
      'の形式が正しくありません。西暦の年月日8桁（YYYYMMDD）としてください。',
    ],
    ['a field twice', `${INSURED}${BIRTH}${BIRTH}`, 'repeated', 'Birthdate', 'が重複しています。'],
    [
      'a code that is none',
      `${INSURED}${BIRTH}<LimitApplicationCertificateRelatedConsFlg>2</LimitApplicationCertificateRelatedConsFlg>`,
      'code',
      'LimitApplicationCertificateRelatedConsFlg',
      'コード（0、1）としてください。',
    ],
    [
      'a value too long',
      `${INSURED}${BIRTH}<InsuredCardSymbol>${'𠮷'.repeat(21)}</InsuredCardSymbol>`,
      'too-long',
      'InsuredCardSymbol',
      '20文字以内としてください。',
    ],
    [
      'an insurer number of seven digits',
      `${INSURED.replace('06139995', '6139995')}${BIRTH}`,
      'format',
      'InsurerNumber',
      '8桁の数字',
    ],
    [
      'an element in a value',
      `${INSURED}<Birthdate>1985<b>0401</b></Birthdate>`,
      'structure',
      'Birthdate',
      'の構造が正しくありません。',
    ],
  ])('%s', (_what, fields, code, element, ja) => {
    const reading = question(fields);
    expect(reading).toMatchObject({
      outcome: 'faulty',
      message: { MessageHeader: { MedicalInstitutionCode: '1311111111', ArbitraryFileIdentifier: 'a' } },
      echo: { value: 'a', xml: 'a' },
    });
    const [fault] = reading.outcome === 'faulty' ? reading.faults : [];
    expect(fault).toMatchObject({
      code,
      path: `MessageBody/QualificationConfirmSearchInfo/${element}`,
      position: { line: 2 },
    });
    expect(fault?.ja).toContain(ja);
  });

  it('an identifier with an element in it is no identifier to repeat', () => {
    const header = HEADER.replace('</Mess', '<ArbitraryFileIdentifier>a<b/></ArbitraryFileIdentifier></Mess');
    const reading = registration(INSURED, header);
    expect(reading).toMatchObject({ outcome: 'faulty', faults: [{ code: 'structure' }] });
    expect(reading).not.toHaveProperty('echo');
  });

  it.each([
    ['the last day of a month', '20260228', 'read'],
    ['the day after', '20260229', 'faulty'],
    ['a leap day', '20240229', 'read'],
    ['an end that never comes', '99991231', 'read'],
  ])('%s is a day of the calendar or not', (_what, digits, outcome) => {
    expect(question(`${INSURED}<Birthdate>${digits}</Birthdate>`).outcome).toBe(outcome);
  });

  it('twenty characters are twenty characters, whatever they take in memory', () => {
    expect(question(`${INSURED}${BIRTH}<InsuredCardSymbol>${'𠮷'.repeat(20)}</InsuredCardSymbol>`).outcome).toBe(
      'read',
    );
  });

  it('no fault repeats a value', () => {
    const reading = question(`${INSURED}<Birthdate>見本の値</Birthdate>`);
    expect(JSON.stringify(reading.outcome === 'faulty' && reading.faults)).not.toContain('見本の値');
  });

  it.each([
    ['consent', 'ConsentDate', 'ConsentDate', 'read'],
    ['examination', 'ExaminationDate', 'ExaminationDate', 'read'],
    ['one of each', 'ConsentDate', 'ExaminationDate', 'faulty'],
  ])('a period of %s', (_what, from, to, outcome) => {
    const info = `<QualificationConfirmSearchInfo><${from}From>20260701</${from}From><${to}To>20260731</${to}To></QualificationConfirmSearchInfo>`;
    expect(readXml('OQSmuonq01req', Buffer.from(withBody(info))).outcome).toBe(outcome);
  });

  it('a period of both kinds, and of none, is no period', () => {
    const both = ['ConsentDate', 'ExaminationDate']
      .map((name) => `<${name}From>20260701</${name}From><${name}To>20260731</${name}To>`)
      .join('');
    for (const fields of [both, '<MedicalTreatmentFlag>3</MedicalTreatmentFlag>'])
      expect(
        readXml(
          'OQSmuonq01req',
          Buffer.from(withBody(`<QualificationConfirmSearchInfo>${fields}</QualificationConfirmSearchInfo>`)),
        ),
      ).toMatchObject({ outcome: 'faulty', faults: [{ code: 'one-of' }] });
  });
});

it('several results are read as one list, in one wrapper or in one each', () => {
  const result = (branch: string): string =>
    `<ResultOfQualificationConfirmation><InsuredBranchNumber>${branch}</InsuredBranchNumber></ResultOfQualificationConfirmation>`;
  const inOne = `<ResultList>${result('01')}${result('02')}</ResultList>`;
  const inOneEach = `<ResultList>${result('01')}</ResultList><ResultList>${result('02')}</ResultList>`;
  for (const lists of [inOne, inOneEach])
    expect(readXml('OQSsiquc01res', Buffer.from(withBody(lists)))).toMatchObject({
      outcome: 'read',
      message: {
        MessageBody: {
          ResultList: {
            ResultOfQualificationConfirmation: [{ InsuredBranchNumber: '01' }, { InsuredBranchNumber: '02' }],
          },
        },
      },
    });
});

describe('many people', () => {
  const person = (number: string): string =>
    `<ReferenceNumberRegistrationInfo><ReferenceNumber>${number}</ReferenceNumber>${INSURED}</ReferenceNumberRegistrationInfo>`;
  const bytes = Buffer.from(withBody(`${person('1')}${person('')}${person('3')}`));
  async function* once(all: Buffer): AsyncGenerator<Buffer> {
    yield all;
  }

  it('one at fault does not take the others along', async () => {
    const outcomes: unknown[] = [];
    const rest = await readBulkXml('OQSmuimm01req', once(bytes), (reading) => {
      outcomes.push([reading.index, reading.outcome, reading.item.ReferenceNumber]);
    });
    expect(outcomes).toEqual([
      [0, 'read', '1'],
      [1, 'faulty', undefined],
      [2, 'read', '3'],
    ]);
    expect(rest.outcome).toBe('read');
  });

  it('read whole, the fault says who', () => {
    expect(readXml('OQSmuimm01req', bytes)).toMatchObject({
      outcome: 'faulty',
      faults: [{ code: 'missing', path: 'MessageBody/ReferenceNumberRegistrationInfo[2]/ReferenceNumber' }],
    });
  });

  it('nobody is too few', async () => {
    const nobody = Buffer.from(withBody(''));
    expect(await readBulkXml('OQSmuimm01req', once(nobody), () => {})).toMatchObject({
      outcome: 'faulty',
      faults: [{ code: 'missing' }],
    });
  });

  it('what whoever takes them throws is thrown', async () => {
    const failing = readBulkXml('OQSmuimm01req', once(bytes), () => Promise.reject(new Error('the disk is full')));
    await expect(failing).rejects.toThrow('the disk is full');
  });
});

it('others have their turn while many people are read, even from one piece', async () => {
  const person = `<ReferenceNumberRegistrationInfo><ReferenceNumber>1</ReferenceNumber>${INSURED}</ReferenceNumberRegistrationInfo>`;
  let turns = 0;
  let people = 0;
  const ticking = setInterval(() => (turns += 1), 0);
  await readBulkXml(
    'OQSmuimm01req',
    (async function* () {
      yield Buffer.from(withBody(person.repeat(10_000)));
    })(),
    () => {
      people += 1;
    },
  );
  clearInterval(ticking);
  expect(people).toBe(10_000);
  expect(turns).toBeGreaterThan(5);
});
