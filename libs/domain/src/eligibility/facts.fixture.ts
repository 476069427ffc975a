import { civilDate, dayNumber, yearMonth, type CivilDate } from '../calendar/index.js';
import type { Consent, Question } from './answer.js';
import type {
  CertificateFacts,
  CopayCertificate,
  Facts,
  FiledLoss,
  IncomeAssessment,
  IncomeFacts,
  InsuredKey,
  Insurer,
  LimitCertificate,
  MedicalTicket,
  PersonFacts,
  QualificationFacts,
  ReasonOfLoss,
} from './facts.js';

/*
 * Facts for the specifications beside this file. Everything not named is that of an employee born 1980-05-05, insured since
 * 2024-04-01 and known for ever, asked about on 2026-11-22. Ends of periods are written as the last day.
 */

/** Epoch milliseconds of noon in Tokyo. */
export const noonOf = (day: string): number => dayNumber(civilDate(day)) * 86_400_000 + 3 * 3_600_000;

export const SHAHO: Insurer = { insurerNumber: '06130488', insurerName: '見本健康保険組合', scheme: 'shaho' };
export const OTHER_SHAHO: Insurer = { insurerNumber: '01130012', insurerName: '見本協会けんぽ', scheme: 'shaho' };
export const KOKUHO: Insurer = { insurerNumber: '138057', insurerName: '見本区', scheme: 'kokuho' };
export const KOUKI: Insurer = { insurerNumber: '39131156', insurerName: '見本広域連合', scheme: 'kouki' };
export const MEDICAL_AID: Insurer = { insurerNumber: '12131017', insurerName: '見本福祉事務所', scheme: 'medical-aid' };

/** Institution that asks. */
export const CLINIC = '1310000019';

/** `serviceDate`, `askedOn` and `knownOn` (noon of that day) as text; each defaults to the one before it. */
export const asking = (serviceDate = '2026-11-22', askedOn = serviceDate, knownOn = askedOn): Question => ({
  serviceDate: civilDate(serviceDate),
  askedOn: civilDate(askedOn),
  knownAt: noonOf(knownOn),
  institutionCode: CLINIC,
});

export const NO_CONSENT: Consent = {
  limitApplicationCertificate: false,
  specificDiseases: false,
  pharmacists: false,
  specificHealthCheckups: false,
  diagnosis: false,
  operation: false,
};

export const FULL_CONSENT: Consent = {
  limitApplicationCertificate: true,
  specificDiseases: true,
  pharmacists: true,
  specificHealthCheckups: true,
  diagnosis: true,
  operation: true,
};

/** `undefined` takes a field away. */
type Over<T> = { readonly [K in keyof T]?: T[K] | undefined };

const over = <T extends object>(base: T, changes: Over<T>): T =>
  Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== undefined)) as T;

export const qualification = (acquiredOn = '2024-04-01', changes: Over<QualificationFacts> = {}): QualificationFacts =>
  over<QualificationFacts>(
    {
      qualificationId: `q-${acquiredOn}`,
      insurer: SHAHO,
      insuredCardClassification: '01',
      insuredCardSymbol: '1234',
      insuredIdentificationNumber: '1987654',
      insuredBranchNumber: '01',
      personalFamilyClassification: '1',
      acquiredOn: civilDate(acquiredOn),
      disabilityCertified: false,
      availableFrom: civilDate(acquiredOn),
      recordedAt: 0,
      income: [],
      copayCertificates: [],
      limitCertificates: [],
      specificDiseases: [],
      tickets: [],
    },
    changes,
  );

/** Filed at noon of `filedOn`, which defaults to the day lost. */
export const lost = (lostOn: string, filedOn = lostOn, reasonOfLoss?: ReasonOfLoss): FiledLoss => ({
  lostOn: civilDate(lostOn),
  recordedAt: noonOf(filedOn),
  ...(reasonOfLoss === undefined ? {} : { reasonOfLoss }),
});

export const person = (
  qualifications: readonly QualificationFacts[] = [qualification()],
  birthdate = '1980-05-05',
  personId = 'p1',
): PersonFacts => ({
  personId,
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: civilDate(birthdate) },
  qualifications,
  referenceNumbers: [],
});

export const asked = (changes: Over<InsuredKey> = {}): InsuredKey =>
  over<InsuredKey>(
    {
      insurerNumber: SHAHO.insurerNumber,
      insurerNumberCheckDigitWrong: false,
      insuredCardSymbol: '1234',
      insuredIdentificationNumber: '1987654',
      insuredBranchNumber: '01',
      birthdate: civilDate('1980-05-05'),
    },
    changes,
  );

export const GOOD: CertificateFacts = { status: 'good', notAfter: civilDate('2029-05-05') };

export const byCard = (holder: PersonFacts, certificate = GOOD): Facts => ({
  by: 'card',
  card: { kind: 'linked', certificate, person: holder },
});

export const byNumber = (people: readonly PersonFacts[], key = asked()): Facts => ({
  by: 'insured',
  asked: key,
  people,
});

export const period = (from: string, to?: string): { from: CivilDate; to?: CivilDate } =>
  to === undefined ? { from: civilDate(from) } : { from: civilDate(from), to: civilDate(to) };

export const income = (facts: IncomeFacts, from = '2024-08-01', to?: string, recordedAt = 0): IncomeAssessment => ({
  facts,
  ...period(from, to),
  recordedAt,
});

export const pay = (
  standardMonthlyRemuneration: number,
  changes: Over<Extract<IncomeFacts, { scheme: 'shaho' }>> = {},
): IncomeFacts =>
  over<Extract<IncomeFacts, { scheme: 'shaho' }>>(
    { scheme: 'shaho', standardMonthlyRemuneration, insuredNonTaxable: false, incomeExemptionGranted: false },
    changes,
  );

export const kokuhoIncome = (changes: Over<Extract<IncomeFacts, { scheme: 'kokuho' }>> = {}): IncomeFacts =>
  over<Extract<IncomeFacts, { scheme: 'kokuho' }>>(
    {
      scheme: 'kokuho',
      kyuTadashigakiIncome: 1_500_000,
      householdNonTaxable: false,
      maxTaxableIncome: 1_000_000,
      totalRevenue: 2_500_000,
      members70to74: 1,
    },
    changes,
  );

export const koukiIncome = (changes: Over<Extract<IncomeFacts, { scheme: 'kouki' }>> = {}): IncomeFacts =>
  over<Extract<IncomeFacts, { scheme: 'kouki' }>>(
    {
      scheme: 'kouki',
      maxTaxableIncomeInHousehold: 200_000,
      pensionPlusOtherIncomeTotal: 1_500_000,
      koukiMembers: 1,
      totalRevenue: 1_800_000,
      has70to74Member: false,
    },
    changes,
  );

export const copayCertificate = (
  kind: CopayCertificate['kind'],
  ratePercent: CopayCertificate['ratePercent'],
  from: string,
  to?: string,
  recordedAt = 0,
): CopayCertificate => ({ kind, ratePercent, ...period(from, to), recordedAt });

export const limitCertificate = (
  classificationFlag: string,
  from = '2026-08-01',
  to?: string,
  recordedAt = 0,
): LimitCertificate => ({ classification: '01', classificationFlag, ...period(from, to), recordedAt });

export const ticket = (
  treatmentMonth: string,
  changes: { institution?: string; from?: string; to?: string; recordedAt?: number } = {},
): MedicalTicket => ({
  ticketType: '01',
  treatmentMonth: yearMonth(treatmentMonth),
  designatedMedicalInstitutionCode: changes.institution ?? CLINIC,
  ...period(changes.from ?? `${treatmentMonth}-01`, changes.to ?? `${treatmentMonth}-28`),
  recordedAt: changes.recordedAt ?? 0,
});
