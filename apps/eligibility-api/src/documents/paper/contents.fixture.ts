import type {
  EligibilityDeclaration,
  QualificationCertificate,
  QualificationNotice,
  QualificationScreen,
} from '@app/contracts';

import type { DocumentContent } from './draw-document.js';

/** One of each, of invented people. */
const person = {
  insuredPersonId: '1024',
  issuedOn: '2026-11-22',
  insurerNumber: '06130488',
  insurerName: '見本健康保険組合',
  scheme: 'shaho',
  insuredCardSymbol: '1001',
  insuredIdentificationNumber: '1000001',
  insuredBranchNumber: '01',
  personalFamilyClassification: '1',
  name: '髙橋　太郎',
  nameKana: 'タカハシ　タロウ',
};

const elderlyRate = { ratePercent: 20, validFrom: '2026-08-01', validTo: '2027-07-31' };

export const notice = (changes: Partial<QualificationNotice> = {}): QualificationNotice => ({
  ...person,
  version: 'without-digits',
  occasion: 'joined',
  qualificationDate: '2026-11-01',
  copay: { ratePercent: 30 },
  mynaportalUrl: 'https://myna.go.jp/',
  source: 'マイナ保険証移行に関するご案内',
  ...changes,
});

export const noticeOfTheReferenceDay = (): QualificationNotice =>
  notice({
    issuedOn: '2024-08-26',
    version: 'with-last-four-digits',
    occasion: 'reference-day',
    qualificationDate: '2019-05-01',
    individualNumberLastFour: '6825',
  });

export const certificate = (changes: Partial<QualificationCertificate> = {}): QualificationCertificate => ({
  ...person,
  personalFamilyClassification: '2',
  insuredBranchNumber: '02',
  name: '山﨑　𠮷乃',
  nameKana: 'ヤマサキ　ヨシノ',
  insuredName: '山﨑　𠮷朗',
  basis: 'ex-officio',
  need: 'no-registered-card',
  validFrom: '2026-11-22',
  validTo: '2031-11-21',
  returnDueUntil: '2031-11-21',
  birthdate: '1955-03-10',
  sex1: '2',
  qualificationDate: '2020-04-01',
  copay: elderlyRate,
  source: '健保規則47条',
  ...changes,
});

export const screen = (changes: Partial<QualificationScreen> = {}): QualificationScreen => ({
  ...person,
  savedAt: '2026-11-22T09:00:00.123+09:00',
  copay: elderlyRate,
  ...changes,
});

export const declaration = (changes: Partial<EligibilityDeclaration> = {}): EligibilityDeclaration => ({
  ...person,
  joinedWithinAMonth: false,
  copay: { ratePercent: 30 },
  birthdate: '1980-05-05',
  sex1: '1',
  postNumber: '100-0013',
  address: '東京都千代田区霞が関１丁目２番３号　𠮷野ビル九〇一号室',
  ...changes,
});

/** Both notices and one of each other. */
export const contents: readonly DocumentContent[] = [
  { document: 'qualification-notice', content: notice() },
  { document: 'qualification-notice', content: noticeOfTheReferenceDay() },
  { document: 'qualification-certificate', content: certificate() },
  { document: 'qualification-screen', content: screen() },
  { document: 'eligibility-declaration', content: declaration() },
];
