import type { ItemToWrite, MessageToWrite } from '../kinds.js';
import { toJson } from '../json/write-json.js';
import { readXml } from './read-xml.js';
import { writeBulkXml, writeXml, type Replaced } from './write-xml.js';

type Answer = MessageToWrite<'OQSsiquc01res'>;
type Result = NonNullable<
  NonNullable<Answer['MessageBody']['ResultList']>['ResultOfQualificationConfirmation']
>[number];

const RESULT: Result = {
  InsuredCardClassification: '01',
  InsurerNumber: '123456',
  Name: '見本　花子',
  Sex1: '2',
  Birthdate: '19850401',
  InsurerName: '見本市',
};
const answer = (body: Partial<Answer['MessageBody']> = {}, header: Partial<Answer['MessageHeader']> = {}): Answer => ({
  MessageHeader: {
    ProcessExecutionTime: '20260701093015',
    QualificationConfirmationDate: '20260701',
    MedicalInstitutionCode: '1311111111',
    ReferenceClassification: '2',
    SegmentOfResult: '1',
    ...header,
  },
  MessageBody: { ProcessingResultStatus: '1', ...body },
});
const withResults = (...results: Result[]): Answer =>
  answer({ QualificationValidity: '1', ResultList: { ResultOfQualificationConfirmation: results } });
const xmlOf = (message: Answer): string => writeXml('OQSsiquc01res', message).bytes.toString();

it('a message in full, in the order of the interface', () => {
  expect(xmlOf(withResults({ ...RESULT, InsuredCardSymbol: '', ReferenceNumber: undefined })))
    .toBe(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<XmlMsg>
  <MessageHeader>
    <ProcessExecutionTime>20260701093015</ProcessExecutionTime>
    <QualificationConfirmationDate>20260701</QualificationConfirmationDate>
    <MedicalInstitutionCode>1311111111</MedicalInstitutionCode>
    <ReferenceClassification>2</ReferenceClassification>
    <SegmentOfResult>1</SegmentOfResult>
    <CharacterCodeIdentifier>0</CharacterCodeIdentifier>
  </MessageHeader>
  <MessageBody>
    <ProcessingResultStatus>1</ProcessingResultStatus>
    <QualificationValidity>1</QualificationValidity>
    <ResultList>
      <ResultOfQualificationConfirmation>
        <InsuredCardClassification>01</InsuredCardClassification>
        <InsurerNumber>  123456</InsurerNumber>
        <Name>見本　花子</Name>
        <Sex1>2</Sex1>
        <Birthdate>19850401</Birthdate>
        <InsurerName>見本市</InsurerName>
      </ResultOfQualificationConfirmation>
    </ResultList>
  </MessageBody>
</XmlMsg>
`);
});

it('the same in JSON: the list is an array, the number has zeros', () => {
  expect(toJson('OQSsiquc01res', withResults(RESULT))).toEqual({
    XmlMsg: {
      MessageHeader: {
        ProcessExecutionTime: '20260701093015',
        QualificationConfirmationDate: '20260701',
        MedicalInstitutionCode: '1311111111',
        ReferenceClassification: '2',
        SegmentOfResult: '1',
        CharacterCodeIdentifier: '0',
      },
      MessageBody: {
        ProcessingResultStatus: '1',
        QualificationValidity: '1',
        ResultList: [{ ResultOfQualificationConfirmation: { ...RESULT, InsurerNumber: '00123456' } }],
      },
    },
  });
});

/** What clients in use were seen to refuse, or to break at, and what we do instead. */
describe('the rejections that were seen', () => {
  it.each(['InsuredCardClassification', 'Name', 'Sex1', 'Birthdate', 'InsurerName', 'InsurerNumber'] as const)(
    'a result without %s is not written',
    (element) => {
      const { [element]: _left, ...rest } = RESULT;
      expect(() => xmlOf(withResults(rest as Result))).toThrow(element);
      expect(() => toJson('OQSsiquc01res', withResults(rest as Result))).toThrow(element);
      expect(() => xmlOf(withResults({ ...RESULT, [element]: '' }))).toThrow(element);
    },
  );

  it('a refusal without a body is not written: a client breaks at it', () => {
    const { MessageBody: _left, ...rest } = answer({}, { SegmentOfResult: '9' });
    expect(() => xmlOf(rest as Answer)).toThrow('MessageBody');
    expect(() => toJson('OQSsiquc01res', rest as Answer)).toThrow('MessageBody');
  });

  it('a body without ProcessingResultStatus is not written', () => {
    const message = { ...answer(), MessageBody: {} } as Answer;
    expect(() => xmlOf(message)).toThrow('ProcessingResultStatus');
    expect(() => toJson('OQSsiquc01res', message)).toThrow('ProcessingResultStatus');
  });

  it.each([
    ['null', null],
    ['a number', 20],
    ['a truth', true],
    ['a date', new Date(0)],
  ])('%s for a text is not written', (_what, value) => {
    const message = withResults({ ...RESULT, InsuredName: value as never });
    expect(() => xmlOf(message)).toThrow(TypeError);
    expect(() => toJson('OQSsiquc01res', message)).toThrow(TypeError);
  });

  it('an empty date is absent: a client shows -00-00', () => {
    const message = withResults({ ...RESULT, InsuredCardExpirationDate: '', DisqualificationDate: undefined });
    expect(xmlOf(message)).not.toMatch(/ExpirationDate|DisqualificationDate/u);
    expect(JSON.stringify(toJson('OQSsiquc01res', message))).not.toMatch(/ExpirationDate|DisqualificationDate/u);
  });

  it('without a result there is no list, in XML and in JSON', () => {
    const message = answer({ QualificationValidity: '4', ResultList: { ResultOfQualificationConfirmation: [] } });
    expect(JSON.stringify(toJson('OQSsiquc01res', message))).not.toContain('ResultList');
    expect(readXml('OQSsiquc01res', Buffer.from(xmlOf(message)))).toMatchObject({
      outcome: 'read',
      message: { MessageBody: { QualificationValidity: '4' } },
    });
    expect(xmlOf(message)).not.toContain('ResultList');
  });

  it('two results stand in one list', () => {
    const message = withResults(RESULT, { ...RESULT, InsuredBranchNumber: '02' });
    expect(xmlOf(message).match(/<ResultList>/gu)).toHaveLength(1);
    expect(xmlOf(message).match(/<ResultOfQualificationConfirmation>/gu)).toHaveLength(2);
    expect(toJson('OQSsiquc01res', message).XmlMsg['MessageBody']).toMatchObject({
      ResultList: [{ ResultOfQualificationConfirmation: {} }, { ResultOfQualificationConfirmation: {} }],
    });
  });

  it('specified diseases are an array of the diseases themselves in JSON, wrapped in XML', () => {
    const message = withResults({
      ...RESULT,
      SpecificDiseasesCertificateList: {
        SpecificDiseasesCertificateInfo: [{ SpecificDiseasesDiseaseCategory: '1', SpecificDiseasesSelfPay: '10000' }],
      },
    });
    expect(JSON.stringify(toJson('OQSsiquc01res', message))).toContain(
      '"SpecificDiseasesCertificateList":[{"SpecificDiseasesDiseaseCategory":"1","SpecificDiseasesSelfPay":"10000"}]',
    );
    expect(xmlOf(message)).toContain('<SpecificDiseasesCertificateList>\n          <SpecificDiseasesCertificateInfo>');
  });

  it('StatusOfInfecton is spelled as the interface spells it', () => {
    const message = withResults({
      ...RESULT,
      PublicExpenseResultList: { MedicalTicketInfo: [{ TicketType: '01', StatusOfInfecton: '02' }] },
    });
    expect(xmlOf(message)).toContain('<StatusOfInfecton>02</StatusOfInfecton>');
  });

  it('what is read for the sake of a client is not written', () => {
    const message = withResults({ ...RESULT, PrescriptionIssueSelect: '2' } as Result);
    expect(xmlOf(message)).not.toContain('PrescriptionIssueSelect');
    expect(JSON.stringify(toJson('OQSsiquc01res', message))).not.toContain('PrescriptionIssueSelect');
  });
});

describe('the identifier of a file is repeated to the letter', () => {
  const asked = (identifier: string): Buffer =>
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><XmlMsg><MessageHeader><MedicalInstitutionCode>1311111111</MedicalInstitutionCode><ArbitraryFileIdentifier >${identifier}</ArbitraryFileIdentifier ></MessageHeader><MessageBody><ReceptionNumber>1</ReceptionNumber></MessageBody></XmlMsg>`,
    );
  it.each([
    'ArnHCeDfNjMCFzg=',
    'clinic_11906',
    ' two  blanks ',
    'a&amp;b&lt;c&gt;',
    '&quot;&apos;"\'',
    '&#65;&#x42;',
    '予約-①髙𠮷',
    '&amp;amp;',
    ']]&gt;',
  ])('%s', (identifier) => {
    const reading = readXml('OQSmuquc02req', asked(identifier));
    if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading));
    const written = answer({}, { ArbitraryFileIdentifier: reading.message.MessageHeader.ArbitraryFileIdentifier });
    // A watcher looks for this text, byte by byte, in what it reads.
    expect(writeXml('OQSsiquc01res', written, { echo: reading.echo }).bytes.toString()).toContain(
      `<ArbitraryFileIdentifier>${identifier}</ArbitraryFileIdentifier>`,
    );
  });

  it('also where it came in a CDATA section, as far as XML allows', () => {
    const reading = readXml('OQSmuquc02req', asked('<![CDATA[a&b]]>'));
    if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading));
    const written = answer({}, { ArbitraryFileIdentifier: reading.message.MessageHeader.ArbitraryFileIdentifier });
    expect(writeXml('OQSsiquc01res', written, { echo: reading.echo }).bytes.toString()).toContain('>a&amp;b</Arb');
  });

  it('an echo of another request is not written', () => {
    const written = answer({}, { ArbitraryFileIdentifier: 'mine' });
    const { bytes } = writeXml('OQSsiquc01res', written, { echo: { value: 'theirs', xml: 'theirs' } });
    expect(bytes.toString()).toContain('<ArbitraryFileIdentifier>mine<');
  });
});

describe('what cannot be written becomes ●, and is told', () => {
  const named = (Name: string, encoding: 'utf-8' | 'shift_jis'): { name: string; replaced: readonly Replaced[] } => {
    const { bytes, replaced } = writeXml('OQSsiquc01res', withResults({ ...RESULT, Name }), { encoding });
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { name: /<Name>(.*)<\/Name>/su.exec(text)?.[1] ?? '', replaced };
  };
  const path = 'MessageBody/ResultList/ResultOfQualificationConfirmation/Name';

  it.each([
    ['𠮷野', '●野', ['U+20BB7']],
    ['剝田', '●田', ['U+525D']],
    ['德彅', '德彅', []],
    ['髙﨑', '髙﨑', []],
    // NFC would make U+795E of it, which is another character of Shift_JIS.
    ['\ufa19崎', '\ufa19崎', []],
    ['か\u3099', 'が', []],
    ['é', '●', ['U+00E9']],
  ])('%s in Shift_JIS is %s', (name, written, characters) => {
    expect(named(name, 'shift_jis')).toEqual({
      name: written,
      replaced: characters.map((character) => ({ path, character })),
    });
  });

  it.each([
    ['𠮷野德川髙﨑é', '𠮷野德川髙﨑é', []],
    ['a\u0000b', 'a●b', ['U+0000']],
    ['a\u000bb', 'a●b', ['U+000B']],
    ['\ud842', '●', ['U+D842']],
    ['\uffff', '●', ['U+FFFF']],
  ])('%j in UTF-8 is %s', (name, written, characters) => {
    expect(named(name, 'utf-8')).toEqual({
      name: written,
      replaced: characters.map((character) => ({ path, character })),
    });
  });

  it('the header says which encoding it is', () => {
    const sjis = writeXml('OQSsiquc01res', answer(), { encoding: 'shift_jis' }).bytes.toString('latin1');
    expect(sjis).toContain('<?xml version="1.0" encoding="Shift_JIS" standalone="no"?>');
    expect(sjis).toContain('<CharacterCodeIdentifier>1<');
    expect(xmlOf(answer())).toContain('<CharacterCodeIdentifier>0<');
  });
});

it('markup in a value is text', () => {
  const message = withResults({ ...RESULT, Address: '</Address><Sex1>1</Sex1>&]]>' });
  expect(readXml('OQSsiquc01res', Buffer.from(xmlOf(message)))).toMatchObject({
    outcome: 'read',
    message: {
      MessageBody: {
        ResultList: { ResultOfQualificationConfirmation: [{ Address: '</Address><Sex1>1</Sex1>&]]>', Sex1: '2' }] },
      },
    },
  });
});

it('ten thousand people are written in pieces, and told what was replaced', async () => {
  const unit = { ProcessingResultStatus: '1', QualificationValidity: '4' };
  async function* people(): AsyncGenerator<ItemToWrite<'OQSmuquc02res'>> {
    for (let i = 0; i < 10_000; i += 1)
      yield { ...unit, QualificationConfirmSearchInfo: { ArbitraryIdentifier: i === 5000 ? '𠮷' : `PT-${i}` } };
  }
  const replaced: Replaced[] = [];
  let [pieces, largest, bytes] = [0, 0, 0];
  const header = {
    ProcessExecutionTime: '20260701063105',
    MedicalInstitutionCode: '1311111111',
    ReceptionNumber: '1',
    SegmentOfResult: '1',
  };
  for await (const piece of writeBulkXml('OQSmuquc02res', { MessageHeader: header, MessageBody: {} }, people(), {
    encoding: 'shift_jis',
    onReplaced: (one) => replaced.push(one),
  })) {
    pieces += 1;
    largest = Math.max(largest, piece.length);
    bytes += piece.length;
  }
  expect(replaced).toEqual([
    {
      path: 'MessageBody/BulkConfirmUnit/QualificationConfirmSearchInfo/ArbitraryIdentifier',
      character: 'U+20BB7',
    },
  ]);
  expect(bytes).toBeGreaterThan(2_000_000);
  expect(pieces).toBeGreaterThan(10);
  expect(largest).toBeLessThan(128 * 1024);
});
