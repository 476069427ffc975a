import { blocksOf, leavesOf, only, type Insured } from './oqs.js';

type Json = Record<string, any>;

export interface Asked {
  readonly insured: Insured;
  readonly day: string;
  readonly consented: boolean;
}

/** Ways of asking one question. */
export interface Faces {
  rest(asked: Asked): Promise<Json>;
  xml(asked: Asked): Promise<string>;
  json(asked: Asked): Promise<Json>;
  /** Units, in the order of those asked about. */
  bulk(day: string, asked: readonly Asked[]): Promise<string[]>;
}

/** Asked by symbol and number nobody consents to these, and the messages say nothing of them. */
const ONLY_AT_READER = /^(specificDiseases|specificHealthCheckups|pharmacists|diagnosis|operation)/;
/** What REST works out beside the national system's fields. */
const ONLY_IN_REST = new Set(['copay', 'costLimit', 'publicExpense']);
/** In bulk there is no 限度額, and no ticket. */
const NOT_IN_BULK = /^(limitApplicationCertificate|publicExpense|referenceNumber)/;

/** A value as the messages write it: days and times in digits, numbers as text, insurer numbers without padding. */
const written = (value: unknown): string => {
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return text.slice(0, 19).replaceAll(/\D/g, '');
  return /^\d{4}-\d{2}(-\d{2})?$/.test(text) ? text.replaceAll('-', '') : text;
};

const camel = (name: string): string => name[0]?.toLowerCase() + name.slice(1);

/** Fields of a result of REST under their names, groups of it as well. */
const fieldsOf = (result: Json): Map<string, string> => {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(result)) {
    if (ONLY_IN_REST.has(name) || ONLY_AT_READER.test(name)) continue;
    if (typeof value === 'object')
      for (const [inner, leaf] of Object.entries(value as Json)) fields.set(inner, written(leaf));
    else fields.set(name, written(value));
  }
  return fields;
};

const fieldsOfLeaves = (leaves: Readonly<Record<string, readonly string[]>>): Map<string, string> =>
  new Map(
    Object.entries(leaves).map(([name, [value = '']]) => [
      camel(name),
      name === 'InsurerNumber' ? value.trim() : value,
    ]),
  );

const flattened = (tree: Json): Record<string, string[]> => {
  const leaves: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') leaves[name] = [value];
    else if (!Array.isArray(value)) Object.assign(leaves, flattened(value as Json));
  }
  return leaves;
};

const LIMIT_INFO = /^limitApplicationCertificate(Classification|Date|Valid|LongTerm)/;

/** Compares the fields of one result, and says how many there were. */
const expectSame = (result: Json, shown: Map<string, string>, what: string, isBulk = false): number => {
  const expected = fieldsOf(result);
  const category = (result['costLimit'] as Json | undefined)?.['classificationFlag'] as string | undefined;
  const isFiled = result['limitApplicationCertificateRelatedInfo'] !== undefined;
  // Where no certificate was filed the category is that of the limit.
  if (!isFiled && category !== undefined) expected.set('limitApplicationCertificateClassificationFlag', category);
  let compared = 0;
  for (const [name, value] of expected) {
    if (isBulk && NOT_IN_BULK.test(name)) continue;
    const got = shown.get(name);
    expect(name === 'insurerNumber' ? got?.replace(/^00(?=\d{6}$)/, '') : got, `${what}: ${name}`).toBe(value);
    compared += 1;
  }
  for (const name of shown.keys())
    if (
      !expected.has(name) &&
      !(LIMIT_INFO.test(name) && category !== undefined) &&
      name !== 'limitApplicationCertificateChanged'
    )
      expect.fail(`${what} shows ${name}, which REST does not`);
  return compared;
};

/** Asks everybody by every face, and expects one verdict and one set of values. */
export const equalAnswers = async (
  faces: Faces,
  asked: readonly Asked[],
): Promise<{ readonly people: number; readonly values: number }> => {
  let values = 0;
  const byDay = Map.groupBy(asked, ({ day }) => day);
  for (const [day, ofDay] of byDay) {
    const units = await faces.bulk(day, ofDay);
    expect(units).toHaveLength(ofDay.length);
    for (const [i, one] of ofDay.entries()) {
      const [rest, xml, json] = await Promise.all([faces.rest(one), faces.xml(one), faces.json(one)]);
      const who = `${one.insured.insurerNumber}/${one.insured.insuredIdentificationNumber} on ${day}`;
      const { MessageHeader, MessageBody } = json['XmlMsg'] as { MessageHeader: Json; MessageBody: Json };
      const unit = units[i] ?? '';
      if (rest['qualificationValidity'] === undefined) {
        // Refused or unavailable: by every face, and by none with a verdict.
        expect(only(leavesOf(xml), 'SegmentOfResult'), who).toBe('9');
        expect(MessageHeader['SegmentOfResult'], who).toBe('9');
        expect(only(leavesOf(unit), 'ProcessingResultStatus'), who).toBe('2');
        continue;
      }
      for (const [face, validity] of [
        ['xml', only(leavesOf(xml), 'QualificationValidity')],
        ['json', MessageBody['QualificationValidity']],
        ['bulk', only(leavesOf(unit), 'QualificationValidity')],
      ])
        expect(validity, `${who} by ${face}`).toBe(rest['qualificationValidity']);
      const results = (rest['results'] ?? []) as Json[];
      const inXml = blocksOf(xml, 'ResultOfQualificationConfirmation');
      const inBulk = blocksOf(unit, 'ResultOfQualificationConfirmation');
      const inJson = ((MessageBody['ResultList'] ?? []) as Json[]).map(
        (item) => item['ResultOfQualificationConfirmation'] as Json,
      );
      for (const shown of [inXml, inJson, inBulk]) expect(shown, who).toHaveLength(results.length);
      for (const [at, result] of results.entries()) {
        const tickets = (result['publicExpense'] ?? []) as Json[];
        const withoutTickets = (inXml[at] ?? '').replace(/<PublicExpenseResultList>.*<\/PublicExpenseResultList>/s, '');
        expect(blocksOf(inXml[at] ?? '', 'MedicalTicketInfo'), who).toHaveLength(tickets.length);
        values += expectSame(result, fieldsOfLeaves(leavesOf(withoutTickets)), `${who} by xml`);
        values += expectSame(result, fieldsOfLeaves(flattened(inJson[at] ?? {})), `${who} by json`);
        values += expectSame(result, fieldsOfLeaves(leavesOf(inBulk[at] ?? '')), `${who} by bulk`, true);
      }
    }
  }
  return { people: asked.length, values };
};
