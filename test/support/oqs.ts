import type { World, Reply } from './world.js';

/** Texts of elements by name, in their order; read without the code under test. */
export type Leaves = Readonly<Record<string, readonly string[]>>;

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

export const leavesOf = (xml: string): Leaves => {
  const leaves: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of xml.matchAll(/<(\w+)>([^<]*)<\/\1>/g))
    (leaves[name] ??= []).push(unescaped(value));
  return leaves;
};

export const only = (leaves: Leaves, name: string): string | undefined => {
  const found = leaves[name] ?? [];
  if (found.length > 1) throw new Error(`${name} stands ${found.length} times`);
  return found[0];
};

/** The texts of every element of one name, with what they hold. */
export const blocksOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, inner = '']) => inner);

export interface Insured {
  readonly insurerNumber: string;
  readonly insuredCardSymbol?: string;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber?: string;
  readonly birthdate: string;
}

const digits = (date: string): string => date.replaceAll('-', '');

/** A 資格確認照会用情報 as its elements. */
export const searchInfoOf = (insured: Insured, consented: boolean): Record<string, string> => ({
  InsurerNumber: insured.insurerNumber.padStart(8, ' '),
  ...(insured.insuredCardSymbol === undefined ? {} : { InsuredCardSymbol: insured.insuredCardSymbol }),
  InsuredIdentificationNumber: insured.insuredIdentificationNumber,
  ...(insured.insuredBranchNumber === undefined ? {} : { InsuredBranchNumber: insured.insuredBranchNumber }),
  Birthdate: digits(insured.birthdate),
  LimitApplicationCertificateRelatedConsFlg: consented ? '1' : '0',
});

type Elements = Readonly<Record<string, string>>;

const elements = (of: Elements): string =>
  Object.entries(of)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

export const messageOf = (header: Elements, body: string, declared = 'UTF-8'): string =>
  `<?xml version="1.0" encoding="${declared}" standalone="no"?>\n<XmlMsg><MessageHeader>${elements(header)}</MessageHeader><MessageBody>${body}</MessageBody></XmlMsg>`;

export const groupOf = (name: string, of: Elements): string => `<${name}>${elements(of)}</${name}>`;

export const headerOf = (institutionCode: string, day: string, identifier = 'clinic_1'): Record<string, string> => ({
  QualificationConfirmationDate: digits(day),
  MedicalInstitutionCode: institutionCode,
  ArbitraryFileIdentifier: identifier,
});

/** Institutions of the demo clients. */
export const CLINIC = '1312345679';

/** Sends a message under a name of a file. */
export const sendMessage = (
  world: World,
  name: string,
  message: string | Buffer,
  client = 'demo-clinic',
): Promise<Reply> =>
  world.call('POST', '/v1/oqs/messages', {
    client,
    headers: { 'content-type': 'application/xml', 'Shikaku-File-Name': name },
    body: message,
  });
