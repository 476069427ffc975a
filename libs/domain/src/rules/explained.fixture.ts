import type { RuleName } from './index.js';

type Inputs = readonly (readonly [what: string, input: unknown])[];

const outpatientYear = { periodFrom: '2025-08', periodTo: '2026-07', categoryOn31July: '一般' };
const kouki = {
  scheme: 'kouki',
  date: '2026-11-22',
  maxTaxableIncomeInHousehold: 1_450_000,
  pensionPlusOtherIncomeTotal: 4_000_000,
  koukiMembers: 1,
};
const kokuho70 = { scheme: 'kokuho', band: 'elderly70', maxTaxableIncome: 1_450_000, members70to74: 1 };
const family70 = {
  scheme: 'shaho',
  relation: 'family',
  birthDate: '1953-06-06',
  date: '2026-11-22',
  standardMonthlyRemuneration: 500_000,
};
const inpatient = { age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 };
const outpatient70 = { age: 'o70', person: 'P', setting: 'out', cost: 150_000, percent: 20 };

/** Inputs for what no golden case reaches. */
export const MORE_INPUTS: Readonly<Record<string, Inputs>> = {
  'address-compare': [
    ['tens in 漢数字', { a: '青葉台二十一丁目十番地', b: '青葉台21-10' }],
    ['ten alone', { a: '青葉台十丁目', b: '青葉台10' }],
    ['another place', { a: '青葉台1-1', b: '青葉台1-2' }],
    ['a text too long', { a: 'あ'.repeat(301), b: '青葉台1-2' }],
    ['a number for a text', { a: 1, b: '青葉台1-2' }],
  ],
  'age-band': [
    ['between', { birthDate: '1990-05-05', date: '2026-11-22' }],
    ['the month after 70', { birthDate: '1956-10-22', date: '2026-11-01' }],
    ['born in December', { birthDate: '1955-12-15', date: '2026-11-22' }],
    ['障害認定 at 65', { birthDate: '1960-05-05', date: '2026-11-22', disabilityCertifiedFrom: '2026-04-01' }],
    [
      '障害認定 at 66, the day before',
      { birthDate: '1960-05-05', date: '2026-03-31', disabilityCertifiedFrom: '2026-04-01' },
    ],
    ['障害認定 at 72', { birthDate: '1954-05-05', date: '2026-11-22', disabilityCertifiedFrom: '2026-04-01' }],
    [
      '障害認定 at 72, the day before',
      { birthDate: '1954-05-05', date: '2026-03-31', disabilityCertifiedFrom: '2026-04-01' },
    ],
    ['障害認定 after 75', { birthDate: '1951-05-05', date: '2026-11-22', disabilityCertifiedFrom: '2026-06-01' }],
    [
      '障害認定 on the last day before the month of 70',
      { birthDate: '1956-10-22', date: '2026-10-30', disabilityCertifiedFrom: '2026-10-31' },
    ],
    [
      '障害認定 on the 75th birthday',
      { birthDate: '1951-10-22', date: '2026-10-22', disabilityCertifiedFrom: '2026-10-22' },
    ],
    ['a date too short', { birthDate: '1990-5-5', date: '2026-11-22' }],
    ['a date of letters', { birthDate: '1990-0x-05', date: '2026-11-22' }],
    ['a year too far', { birthDate: '2201-01-01', date: '2026-11-22' }],
  ],
  'card-expiry': [
    ['born on 29 February', { issuedOn: '2021-06-10', birthDate: '1980-02-29', leapDayExpiry: '02-28' }],
    [
      'born on 29 February, the other reading',
      { issuedOn: '2021-06-10', birthDate: '1980-02-29', leapDayExpiry: '03-01' },
    ],
    [
      'applied for before 18 was grown up',
      { issuedOn: '2022-04-10', birthDate: '2003-05-05', appliedOn: '2022-03-31' },
    ],
    ['applied for since', { issuedOn: '2022-04-10', birthDate: '2003-05-05', appliedOn: '2022-04-01' }],
  ],
  'certificate-grace': [
    ['to the day', { certificateExpiresOn: '2026-06-10', date: '2026-09-11', graceReading: 'three-months-to-the-day' }],
    [
      'the last day to the day',
      { certificateExpiresOn: '2026-06-10', date: '2026-09-10', graceReading: 'three-months-to-the-day' },
    ],
    [
      '31 August to the day',
      { certificateExpiresOn: '2026-08-31', date: '2026-11-30', graceReading: 'three-months-to-the-day' },
    ],
    [
      'the reading of the ministry by its name',
      { certificateExpiresOn: '2026-06-10', date: '2026-09-30', graceReading: 'end-of-third-month' },
    ],
  ],
  'claim-fallback': [
    ['the software takes no 77777777', { foundAfterwards: null, scheme: 'not_kouki', softwareRefuses77777777: true }],
    ['the same in 後期', { foundAfterwards: null, scheme: 'kouki', softwareRefuses77777777: true }],
    ['the former one', { foundAfterwards: 'former', scheme: 'kouki' }],
  ],
  'claim-special-note': [
    ['multiple times left out', { ageGroup: 'under70', category: 'ウ' }],
    ['一般I of 70-74', { ageGroup: '70to74', category: '一般I' }],
    ['一般II of 70-74', { ageGroup: '70to74', category: '一般II' }],
  ],
  'copay-rate-kokuho70': [
    ['single, 収入 one yen below', { ...kokuho70, totalRevenue: 3_829_999, kyuTadashigakiTotal: 3_000_000 }],
    ['single, 収入 at the line', { ...kokuho70, totalRevenue: 3_830_000, kyuTadashigakiTotal: 3_000_000 }],
    [
      'two, 収入 one yen below',
      { ...kokuho70, members70to74: 2, totalRevenue: 5_199_999, kyuTadashigakiTotal: 3_000_000 },
    ],
    [
      'two, 収入 at the line',
      { ...kokuho70, members70to74: 2, totalRevenue: 5_200_000, kyuTadashigakiTotal: 3_000_000 },
    ],
    [
      '旧国保被保険者, one yen below',
      { ...kokuho70, totalRevenue: 4_000_000, totalRevenueWithFormerKokuho: 5_199_999, kyuTadashigakiTotal: 3_000_000 },
    ],
    [
      '旧国保被保険者, at the line',
      { ...kokuho70, totalRevenue: 4_000_000, totalRevenueWithFormerKokuho: 5_200_000, kyuTadashigakiTotal: 3_000_000 },
    ],
    [
      'two, 収入 at the line, a sum with others given',
      { ...kokuho70, members70to74: 2, totalRevenue: 5_200_000, totalRevenueWithFormerKokuho: 5_199_999 },
    ],
    ['nothing but the taxable income', kokuho70],
    [
      '旧ただし書 at the line, born before 1945-01-02',
      { ...kokuho70, kyuTadashigakiTotal: 2_100_000, bornFrom19450102: false },
    ],
    ['旧ただし書 over the line', { ...kokuho70, kyuTadashigakiTotal: 2_100_001 }],
    ['children taken off', { ...kokuho70, maxTaxableIncome: 1_779_999, childrenUnder16: 1, totalRevenue: 9_000_000 }],
    [
      'children taken off, at the line',
      { ...kokuho70, maxTaxableIncome: 1_780_000, childrenUnder16: 1, totalRevenue: 9_000_000 },
    ],
    [
      'older children taken off',
      { ...kokuho70, maxTaxableIncome: 1_569_999, children16To18: 1, totalRevenue: 9_000_000 },
    ],
    [
      'older children taken off, at the line',
      { ...kokuho70, maxTaxableIncome: 1_570_000, children16To18: 1, totalRevenue: 9_000_000 },
    ],
  ],
  'copay-rate-kouki': [
    ['the day before 2割', { ...kouki, date: '2022-09-30', maxTaxableIncomeInHousehold: 280_000 }],
    ['the first day of 後期', { ...kouki, date: '2008-04-01', maxTaxableIncomeInHousehold: 280_000 }],
    [
      'two, one yen below',
      { ...kouki, koukiMembers: 2, maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 3_199_999 },
    ],
    [
      'two, at the line',
      { ...kouki, koukiMembers: 2, maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 3_200_000 },
    ],
    ['現役並み, nothing known of 収入', kouki],
    ['single, 収入 one yen below', { ...kouki, totalRevenue: 3_829_999 }],
    ['two, 収入 one yen below', { ...kouki, koukiMembers: 2, totalRevenue: 5_199_999 }],
    [
      'with somebody of 70-74, one yen below',
      { ...kouki, totalRevenue: 3_900_000, has70to74Member: true, totalRevenueWith70to74: 5_199_999 },
    ],
    [
      'with somebody of 70-74, at the line',
      { ...kouki, totalRevenue: 3_900_000, has70to74Member: true, totalRevenueWith70to74: 5_200_000 },
    ],
    [
      'with nobody of 70-74, a sum given all the same',
      { ...kouki, totalRevenue: 3_900_000, has70to74Member: false, totalRevenueWith70to74: 5_199_999 },
    ],
    ['with somebody of 70-74, their 収入 not known', { ...kouki, totalRevenue: 3_900_000, has70to74Member: true }],
    ['two, nothing known of 収入', { ...kouki, koukiMembers: 2 }],
    ['旧ただし書 at the line', { ...kouki, kyuTadashigakiTotal: 2_100_000, bornFrom19450102: true }],
    [
      'children taken off',
      { ...kouki, maxTaxableIncomeInHousehold: 1_779_999, childrenUnder16: 1, totalRevenue: 9_000_000 },
    ],
    [
      'older children taken off',
      { ...kouki, maxTaxableIncomeInHousehold: 1_569_999, children16To18: 1, totalRevenue: 9_000_000 },
    ],
  ],
  'copay-rate-shaho': [
    ['家族 of an insured person of 75', { ...family70, insuredBirthDate: '1951-11-22' }],
    ['家族 of an insured person of 70', { ...family70, insuredBirthDate: '1954-01-01' }],
    ['基準収入額 granted', { ...family70, relation: 'self', incomeExemptionGranted: true }],
    ['at the line of 28万円', { ...family70, relation: 'self', standardMonthlyRemuneration: 280_000 }],
    ['one grade below', { ...family70, relation: 'self', standardMonthlyRemuneration: 260_000 }],
    ['born after the date', { ...family70, birthDate: '2026-11-23' }],
    ['the insured person born after the date', { ...family70, insuredBirthDate: '2026-11-23' }],
  ],
  'coverage-history': [
    [
      'two at once',
      {
        qualifications: [
          { insurer: 'A', acquiredOn: '2020-04-01' },
          { insurer: 'B', acquiredOn: '2021-04-01' },
        ],
        date: '2026-11-22',
      },
    ],
    ['none ever', { qualifications: [], date: '2026-11-22' }],
    ['none yet', { qualifications: [{ insurer: 'A', acquiredOn: '2026-11-23', lostOn: null }], date: '2026-11-22' }],
    [
      'two over',
      {
        qualifications: [
          { insurer: 'A', acquiredOn: '2020-04-01', lostOn: '2024-04-01' },
          { insurer: 'B', acquiredOn: '2019-04-01', lostOn: '2020-04-01' },
        ],
        date: '2026-11-22',
      },
    ],
    ['a list that is none', { qualifications: 'A', date: '2026-11-22' }],
    [
      'a list too long',
      {
        qualifications: Array.from({ length: 1001 }, () => ({ insurer: 'A', acquiredOn: '2020-04-01' })),
        date: '2026-11-22',
      },
    ],
  ],
  'document-decision': [
    [
      'the card alone, of the insurer before',
      { document: 'old_card', reader: 'any', date: '2026-03-31', cardValidTo: '2026-11-30', insurerUnchanged: false },
    ],
    [
      '国保 card, of the insurer before',
      { document: 'old_card_kokuho', reader: 'any', date: '2026-03-31', insurerUnchanged: false },
    ],
    [
      '年金事務所 certificate in force',
      { document: 'shikaku_shomeisho', reader: 'any', date: '2026-11-22', validTo: '2026-11-22' },
    ],
    [
      '年金事務所 certificate past',
      { document: 'shikaku_shomeisho', reader: 'any', date: '2026-11-23', validTo: '2026-11-22' },
    ],
    [
      '年金事務所 certificate of the insurer before',
      {
        document: 'shikaku_shomeisho',
        reader: 'any',
        date: '2026-11-22',
        validTo: '2026-12-22',
        insurerUnchanged: false,
      },
    ],
    [
      '資格確認書 of the insurer before',
      {
        document: 'shikaku_kakuninsho',
        reader: 'any',
        date: '2026-11-22',
        validTo: '2026-12-22',
        insurerUnchanged: false,
      },
    ],
    ['資格確認書 past', { document: 'shikaku_kakuninsho', reader: 'any', date: '2026-11-23', validTo: '2026-11-22' }],
    [
      'notice of the insurer before',
      { document: 'shikaku_joho_oshirase', reader: 'any', date: '2026-11-22', insurerUnchanged: false },
    ],
    ['notice alone, 国保', { document: 'shikaku_joho_oshirase', reader: 'any', date: '2026-05-22', scheme: 'kokuho' }],
    ['notice alone, 後期', { document: 'shikaku_joho_oshirase', reader: 'any', date: '2026-05-22', scheme: 'kouki' }],
    ['notice alone, 健保', { document: 'shikaku_joho_oshirase', reader: 'any', date: '2026-05-22', scheme: 'shaho' }],
    ['notice alone, scheme unknown', { document: 'shikaku_joho_oshirase', reader: 'any', date: '2026-05-22' }],
    [
      'repeat visit while the reader is down',
      { document: 'mynacard_registered', reader: 'down', date: '2026-11-22', visit: 'repeat' },
    ],
    [
      'first visit while the reader is down',
      { document: 'mynacard_registered', reader: 'down', date: '2026-11-22', visit: 'first' },
    ],
    [
      'repeat visit, no reader',
      { document: 'mynacard_registered', reader: 'not_installed', date: '2026-11-22', visit: 'repeat' },
    ],
    ['no data', { document: 'mynacard_registered', reader: 'no_data', date: '2026-11-22' }],
    [
      'no data, with the notice',
      { document: 'mynacard_registered', reader: 'no_data', date: '2026-11-22', supporting: 'shikaku_joho_oshirase' },
    ],
    [
      'no data, with 申立書',
      { document: 'mynacard_registered', reader: 'no_data', date: '2026-11-22', supporting: 'moshitatesho' },
    ],
    [
      'down, with the screen',
      { document: 'mynacard_registered', reader: 'down', date: '2026-11-22', supporting: 'mynaportal_screen' },
    ],
    [
      'to be registered at the reader',
      { document: 'mynacard_unregistered', reader: 'online', date: '2026-11-22', certificate: 'valid' },
    ],
    [
      'to be registered, expired',
      { document: 'mynacard_unregistered', reader: 'online', date: '2026-11-22', certificate: 'expired' },
    ],
    ['to be registered, no reader', { document: 'mynacard_unregistered', reader: 'not_installed', date: '2026-11-22' }],
    [
      'registered, in grace',
      { document: 'mynacard_registered', reader: 'online', date: '2026-11-22', certificate: 'grace' },
    ],
    [
      'registered, revoked',
      { document: 'mynacard_registered', reader: 'online', date: '2026-11-22', certificate: 'revoked' },
    ],
    [
      'registered, any reader',
      { document: 'mynacard_registered', reader: 'any', date: '2026-11-22', certificate: 'valid' },
    ],
    [
      'phone, reader works',
      { document: 'smartphone_registered', reader: 'online', date: '2026-11-22', clinicEquipped: true },
    ],
    [
      'phone, clinic not equipped',
      { document: 'smartphone_registered', reader: 'online', date: '2026-11-22', clinicEquipped: false },
    ],
    ['phone, nothing known of the clinic', { document: 'smartphone_registered', reader: 'online', date: '2026-11-22' }],
    [
      'phone, reader down',
      { document: 'smartphone_registered', reader: 'down', date: '2026-11-22', clinicEquipped: true },
    ],
    [
      'phone, with the screen',
      { document: 'smartphone_registered', reader: 'down', date: '2026-11-22', supporting: 'mynaportal_screen' },
    ],
    [
      'phone, certificate expired',
      {
        document: 'smartphone_registered',
        reader: 'online',
        date: '2026-11-22',
        certificate: 'expired',
        clinicEquipped: true,
      },
    ],
    [
      'phone, certificate revoked',
      {
        document: 'smartphone_registered',
        reader: 'any',
        date: '2026-11-22',
        certificate: 'revoked',
        clinicEquipped: true,
      },
    ],
    ['the screen alone', { document: 'mynaportal_screen', reader: 'any', date: '2026-11-22' }],
    [
      'the screen alone, 国保 in the leniency',
      { document: 'mynaportal_screen', reader: 'online', date: '2025-08-01', scheme: 'kokuho' },
    ],
    [
      'the screen of the insurer before',
      { document: 'mynaportal_screen', reader: 'any', date: '2026-11-22', insurerUnchanged: false },
    ],
    [
      'old card past its printed day',
      { document: 'old_card', reader: 'any', date: '2025-11-22', cardValidTo: '2025-07-31' },
    ],
    [
      'old card on its printed day',
      { document: 'old_card', reader: 'any', date: '2025-07-31', cardValidTo: '2025-07-31' },
    ],
    [
      'old card of 国保 past its printed day',
      { document: 'old_card_kokuho', reader: 'any', date: '2025-11-22', cardValidTo: '2025-07-31' },
    ],
    [
      'old card of 後期 past its printed day',
      { document: 'old_card_kouki', reader: 'any', date: '2025-11-22', cardValidTo: '2025-07-31' },
    ],
    ['old card, the last day of all', { document: 'old_card', reader: 'any', date: '2025-12-01' }],
    ['old card, the day after', { document: 'old_card', reader: 'any', date: '2025-12-02' }],
    ['nothing at all', { document: 'none', reader: 'any', date: '2026-11-22' }],
    ['nothing, before every row', { document: 'none', reader: 'any', date: '2020-01-01' }],
    ['a flag that is none', { document: 'none', reader: 'any', date: '2026-11-22', clinicEquipped: 'yes' }],
  ],
  'insurer-number': [
    ['国保', { insurerNumber: '138057' }],
    ['国保, padded', { insurerNumber: '00138057' }],
    ['full-width', { insurerNumber: '０６１３０４８８' }],
    ['spaces around', { insurerNumber: ' 06130488 ' }],
    ['with hyphens', { insurerNumber: '0613-0488' }],
    ['without its zero', { insurerNumber: '6130488' }],
    ['with hyphens and wrong', { insurerNumber: '0613-0489' }],
    ['two digits exchanged', { insurerNumber: '06310488' }],
    ['後期', { insurerNumber: '39131156' }],
    ['a text too long', { insurerNumber: '0'.repeat(51) }],
  ],
  'jlis-match': [
    ['nobody', { matchedAttributes: ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'], candidates: 0 }],
    ['two', { matchedAttributes: ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'], candidates: 2 }],
    ['four attributes', { matchedAttributes: ['kanjiName', 'birthDate', 'sex', 'address'], candidates: 1 }],
    ['one attribute twice', { matchedAttributes: ['sex', 'sex'], candidates: 1 }],
  ],
  'kogaku-75th-month': [
    ['not halved', { treatmentMonth: '2026-11', categoryTier: 'ウ', totalCostYen: 1_000_000, halved: false }],
    [
      'of 70, halved, many times',
      { treatmentMonth: '2026-11', categoryTier: '一般', totalCostYen: 1_000_000, multipleTimes: true, halved: true },
    ],
    ['現役並み, halved', { treatmentMonth: '2026-11', category70: '現役並みI', totalCostYen: 1_000_000, halved: true }],
    [
      '現役並み, not halved, many times',
      {
        treatmentMonth: '2026-11',
        category70: '現役並みI',
        totalCostYen: 1_000_000,
        multipleTimes: true,
        halved: false,
      },
    ],
    ['before every table', { treatmentMonth: '2014-12', categoryTier: 'ウ', totalCostYen: 1_000_000, halved: true }],
    ['before every table, of 70', { treatmentMonth: '2014-12', category70: '一般', halved: true }],
    [
      'planned',
      {
        treatmentMonth: '2027-08',
        categoryTier: 'ウ',
        totalCostYen: 1_000_000,
        halved: true,
        standardMonthlyRemuneration: 300_000,
      },
    ],
    [
      'planned, not halved',
      {
        treatmentMonth: '2027-08',
        categoryTier: 'ウ',
        totalCostYen: 1_000_000,
        halved: false,
        standardMonthlyRemuneration: 300_000,
      },
    ],
    [
      'planned, class not told',
      { treatmentMonth: '2027-08', categoryTier: 'ウ', totalCostYen: 1_000_000, halved: true },
    ],
    ['planned, of 70', { treatmentMonth: '2027-08', category70: '一般', halved: true }],
    ['planned, of 70, not halved', { treatmentMonth: '2027-08', category70: '低所得II', halved: false }],
    [
      'planned, 現役並み, class not told',
      { treatmentMonth: '2027-08', category70: '現役並みI', totalCostYen: 1_000_000, halved: false },
    ],
    [
      'planned, 現役並み',
      {
        treatmentMonth: '2027-08',
        category70: '現役並みI',
        totalCostYen: 1_000_000,
        halved: true,
        standardMonthlyRemuneration: 300_000,
      },
    ],
    ['born on a 1st', { birthDate: '1951-11-01', treatmentMonth: '2026-11', entry: 'turns75' }],
    ['家族 of who turns 75', { birthDate: '1951-11-22', treatmentMonth: '2026-11', entry: 'dependent_of_turns75' }],
    ['障害認定', { birthDate: '1951-11-22', treatmentMonth: '2026-11', entry: 'disability_certified' }],
    ['a month that is none', { birthDate: '1951-11-22', treatmentMonth: '2026-13', entry: 'turns75' }],
    ['a month too short', { birthDate: '1951-11-22', treatmentMonth: '2026-1', entry: 'turns75' }],
    ['a month out of range', { birthDate: '1951-11-22', treatmentMonth: '2201-01', entry: 'turns75' }],
    ['a number for a month', { birthDate: '1951-11-22', treatmentMonth: 202_611, entry: 'turns75' }],
  ],
  'kogaku-annual-cap': [
    [
      'before every table',
      { periodFrom: '2013-08', periodTo: '2014-07', category: 'ウ', burdenAfterMonthlyRefund: [] },
    ],
    [
      'lower income shown',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'エ',
        burdenAfterMonthlyRefund: [500_000],
        lowerIncomeShown: true,
      },
    ],
    [
      'lower income not shown',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'エ',
        burdenAfterMonthlyRefund: [500_000],
        lowerIncomeShown: false,
      },
    ],
    [
      '標準報酬月額 above the line',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'エ',
        burdenAfterMonthlyRefund: [500_000],
        standardMonthlyRemuneration: 160_000,
      },
    ],
    [
      'at the line',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'エ',
        burdenAfterMonthlyRefund: [500_000],
        standardMonthlyRemuneration: 150_000,
      },
    ],
    [
      'planned',
      {
        periodFrom: '2027-08',
        periodTo: '2028-07',
        category: 'ウ',
        burdenAfterMonthlyRefund: [600_000],
        standardMonthlyRemuneration: 300_000,
      },
    ],
    [
      'planned, class not told',
      { periodFrom: '2027-08', periodTo: '2028-07', category: 'ウ', burdenAfterMonthlyRefund: [600_000] },
    ],
    [
      'planned, of 70',
      { periodFrom: '2027-08', periodTo: '2028-07', category: '一般', burdenAfterMonthlyRefund: [600_000] },
    ],
    [
      'thirteen months',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'ウ',
        burdenAfterMonthlyRefund: Array.from({ length: 13 }, () => 1),
      },
    ],
    [
      'twelve months',
      {
        periodFrom: '2026-08',
        periodTo: '2027-07',
        category: 'ウ',
        burdenAfterMonthlyRefund: Array.from({ length: 12 }, () => 1),
      },
    ],
    [
      'an end that is none',
      { periodFrom: '2026-08', periodTo: '2027-06', category: 'ウ', burdenAfterMonthlyRefund: [] },
    ],
  ],
  'kogaku-category': [
    ['国保, 901万円', { scheme: 'kokuho', kyuTadashigakiIncome: 9_010_001, householdNonTaxable: false }],
    ['国保, one yen over 210万円', { scheme: 'kokuho', kyuTadashigakiIncome: 2_100_001, householdNonTaxable: false }],
    ['国保, 210万円', { scheme: 'kokuho', kyuTadashigakiIncome: 2_100_000, householdNonTaxable: false }],
    ['国保, not declared', { scheme: 'kokuho', kyuTadashigakiIncome: null, householdNonTaxable: false }],
    [
      '国保, not declared, an income given',
      { scheme: 'kokuho', kyuTadashigakiIncome: 0, incomeDeclared: false, householdNonTaxable: false },
    ],
    ['国保, declared', { scheme: 'kokuho', kyuTadashigakiIncome: 0, incomeDeclared: true, householdNonTaxable: false }],
    ['健保, 28万円', { scheme: 'shaho', standardMonthlyRemuneration: 280_000, insuredNonTaxable: false }],
    ['nothing', null],
  ],
  'kogaku-category-over70': [
    ['国保, 1割', { scheme: 'kokuho', maxTaxableIncome: 0, copayPercent: 10 }],
    ['国保, 一般', { scheme: 'kokuho', maxTaxableIncome: 0, copayPercent: 20 }],
    ['国保, 現役並みIII', { scheme: 'kokuho', maxTaxableIncome: 6_900_000, copayPercent: 30 }],
    ['国保, 現役並みII', { scheme: 'kokuho', maxTaxableIncome: 6_899_999, copayPercent: 30 }],
    ['国保, 現役並みI', { scheme: 'kokuho', maxTaxableIncome: 3_799_999, copayPercent: 30 }],
    ['後期, 一般II', { scheme: 'kouki', maxTaxableIncome: 0, copayPercent: 20 }],
    ['後期, 一般I', { scheme: 'kouki', maxTaxableIncome: 0, copayPercent: 10 }],
    ['後期, 低所得I', { scheme: 'kouki', maxTaxableIncome: 0, copayPercent: 10, nonTaxableClass: 'I' }],
    [
      '後期, 現役並み though 非課税',
      { scheme: 'kouki', maxTaxableIncome: 1_450_000, copayPercent: 30, nonTaxableClass: 'II' },
    ],
  ],
  'kogaku-household': [
    ['nobody', { treatmentMonth: '2026-11', items: [] }],
    ['of 70 without category', { treatmentMonth: '2026-11', items: [outpatient70] }],
    ['before every table', { treatmentMonth: '2014-12', category: 'ウ', items: [inpatient] }],
    ['before every table, of 70', { treatmentMonth: '2014-12', category70: '一般', items: [outpatient70] }],
    ['many times', { treatmentMonth: '2026-11', category: 'ウ', multipleTimes: true, items: [inpatient] }],
    [
      'month of 75, one claim of two marked',
      {
        treatmentMonth: '2026-11',
        category: 'ウ',
        items: [
          { ...inpatient, turns75Month: true },
          { ...inpatient, setting: 'out', cost: 100_000 },
        ],
      },
    ],
    [
      'month of 75, of 70, one claim of two marked',
      {
        treatmentMonth: '2026-11',
        category70: '一般',
        items: [
          { ...outpatient70, turns75Month: true },
          { ...outpatient70, setting: 'in', cost: 500_000 },
        ],
      },
    ],
    [
      'many times, of 70',
      {
        treatmentMonth: '2026-11',
        category70: '一般',
        multipleTimes: true,
        items: [{ ...outpatient70, setting: 'in', cost: 1_000_000 }],
      },
    ],
    [
      'month of 75, under 70',
      {
        treatmentMonth: '2026-11',
        category: 'ウ',
        items: [
          { ...inpatient, turns75Month: true },
          { ...inpatient, person: 'B', cost: 40_000, turns75Month: true },
        ],
      },
    ],
    [
      'month of 75, at 10,500 yen',
      {
        treatmentMonth: '2026-11',
        category: 'オ',
        items: [
          { ...inpatient, cost: 35_000, turns75Month: true },
          { ...inpatient, person: 'B' },
        ],
      },
    ],
    [
      'month of 75, just below',
      {
        treatmentMonth: '2026-11',
        category: 'オ',
        items: [
          { ...inpatient, cost: 34_990, turns75Month: true },
          { ...inpatient, person: 'B' },
        ],
      },
    ],
    [
      'month of 75, of 70',
      {
        treatmentMonth: '2026-11',
        category70: '一般',
        items: [
          { ...outpatient70, turns75Month: true },
          { ...outpatient70, setting: 'in', cost: 500_000, turns75Month: true },
        ],
      },
    ],
    [
      'month of 75, 現役並み',
      {
        treatmentMonth: '2026-11',
        category70: '現役並みI',
        items: [{ ...outpatient70, percent: 30, cost: 900_000, turns75Month: true }],
      },
    ],
    [
      '現役並み',
      { treatmentMonth: '2026-11', category70: '現役並みI', items: [{ ...outpatient70, percent: 30, cost: 900_000 }] },
    ],
    [
      'two institutions and one twice',
      {
        treatmentMonth: '2026-11',
        category: 'ウ',
        items: [
          { ...inpatient, setting: 'out', cost: 40_000, institution: 'X' },
          { ...inpatient, setting: 'out', cost: 40_000, institution: 'X' },
          { ...inpatient, setting: 'out', cost: 40_000, institution: 'Y' },
          { ...inpatient, institution: 'X' },
        ],
      },
    ],
    [
      'planned',
      {
        treatmentMonth: '2027-08',
        category: 'ウ',
        category70: '一般',
        standardMonthlyRemuneration: 300_000,
        items: [inpatient, outpatient70],
      },
    ],
    ['planned, class not told', { treatmentMonth: '2027-08', category: 'ウ', items: [inpatient] }],
    ['planned, of 70', { treatmentMonth: '2027-08', category70: '一般', items: [outpatient70] }],
  ],
  'kogaku-multiple-times': [
    [
      'another insurer',
      { treatmentMonth: '2026-11', paidMonths: ['2026-02', '2026-05', '2026-08'], sameInsurer: false },
    ],
    [
      'another status',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-02', '2026-05', '2026-08'],
        sameInsurer: true,
        sameStatus: false,
      },
    ],
    [
      '国保, moved within the prefecture',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-08', '2026-05', '2026-02'],
        sameInsurer: false,
        scheme: 'kokuho',
        movedWithinPrefecture: true,
        householdContinues: true,
      },
    ],
    [
      '国保, another household',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-08', '2026-05', '2026-02'],
        sameInsurer: false,
        scheme: 'kokuho',
        movedWithinPrefecture: true,
        householdContinues: false,
      },
    ],
    [
      '健保, moved',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-08', '2026-05', '2026-02'],
        sameInsurer: false,
        scheme: 'shaho',
        movedWithinPrefecture: true,
        householdContinues: true,
      },
    ],
    [
      '国保, moved to another prefecture',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-08', '2026-05', '2026-02'],
        sameInsurer: false,
        scheme: 'kokuho',
        movedWithinPrefecture: false,
        householdContinues: true,
      },
    ],
    [
      '国保, before the prefecture was insurer',
      {
        treatmentMonth: '2018-03',
        paidMonths: ['2018-02', '2018-01', '2017-12'],
        sameInsurer: false,
        scheme: 'kokuho',
        movedWithinPrefecture: true,
        householdContinues: true,
      },
    ],
    [
      '国保, the first month of the prefecture',
      {
        treatmentMonth: '2018-04',
        paidMonths: ['2018-02', '2018-01', '2017-12'],
        sameInsurer: false,
        scheme: 'kokuho',
        movedWithinPrefecture: true,
        householdContinues: true,
      },
    ],
    ['two months', { treatmentMonth: '2026-11', paidMonths: ['2026-02', '2026-05'], sameInsurer: true }],
    [
      'a month outside',
      { treatmentMonth: '2026-11', paidMonths: ['2025-11', '2026-02', '2026-05', '2026-11'], sameInsurer: true },
    ],
    [
      'outpatient months do not count',
      {
        treatmentMonth: '2026-11',
        paidMonths: ['2026-02', '2026-05', '2026-08'],
        outpatientOnlyPaidMonths: ['2026-08'],
        ageBand: 'elderly70',
        sameInsurer: true,
      },
    ],
  ],
  'kogaku-outpatient-year': [
    [
      'before the cap',
      { ...outpatientYear, periodFrom: '2016-08', periodTo: '2017-07', monthlyOutpatientAfterMonthlyRefund: [] },
    ],
    [
      'the first year',
      { ...outpatientYear, periodFrom: '2017-08', periodTo: '2018-07', monthlyOutpatientAfterMonthlyRefund: [144_001] },
    ],
    ['months without', { ...outpatientYear, monthlyOutpatientAfterMonthlyRefund: [18_000, null, 144_000] }],
    ['現役並み', { ...outpatientYear, categoryOn31July: '現役並みI', monthlyOutpatientAfterMonthlyRefund: [200_000] }],
    ['not a year', { ...outpatientYear, periodFrom: '2025-07', monthlyOutpatientAfterMonthlyRefund: [] }],
    [
      'planned',
      { ...outpatientYear, periodFrom: '2027-08', periodTo: '2028-07', monthlyOutpatientAfterMonthlyRefund: [300_000] },
    ],
  ],
  'kogaku-over70': [
    ['many times left out', { treatmentMonth: '2026-11', category: '一般', totalCostYen: 1_000_000 }],
    [
      'many times of 低所得I, which has none',
      { treatmentMonth: '2026-11', category: '低所得I', totalCostYen: 1_000_000, multipleTimes: true },
    ],
    ['before every table', { treatmentMonth: '2014-12', category: '一般', totalCostYen: 1 }],
    ['planned', { treatmentMonth: '2027-08', category: '一般', totalCostYen: 1_000_000 }],
    [
      'planned, 現役並み',
      {
        treatmentMonth: '2027-08',
        category: '現役並みI',
        totalCostYen: 1_000_000,
        standardMonthlyRemuneration: 300_000,
      },
    ],
    ['planned, class not told', { treatmentMonth: '2027-08', category: '現役並みI', totalCostYen: 1_000_000 }],
    ['planned, 後期', { treatmentMonth: '2027-08', category: '一般II', totalCostYen: 1_000_000 }],
    [
      '一般II, the month the table does not split',
      { treatmentMonth: '2016-01', category: '一般II', totalCostYen: 1_000_000 },
    ],
    [
      '一般I, the month the table does not split',
      { treatmentMonth: '2016-01', category: '一般I', totalCostYen: 1_000_000 },
    ],
    ['一般I', { treatmentMonth: '2026-11', category: '一般I', totalCostYen: 1_000_000 }],
    ['一般II', { treatmentMonth: '2026-11', category: '一般II', totalCostYen: 1_000_000 }],
    ['below the threshold', { treatmentMonth: '2026-11', category: '現役並みI', totalCostYen: 100_000 }],
  ],
  'kogaku-table-selection': [
    ['before every table', { treatmentMonth: '2014-12', ageGroup: 'under70' }],
    ['without the planned one', { treatmentMonth: '2027-08', ageGroup: 'under70', planned: false }],
    ['with the planned one', { treatmentMonth: '2027-08', ageGroup: '75over', planned: true }],
    ['70-74', { treatmentMonth: '2018-08', ageGroup: '70to74' }],
  ],
  'kogaku-under70': [
    [
      'planned, pay at the line of the category above',
      { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 530_000 },
    ],
    [
      'planned, pay one grade below that line',
      { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 500_000 },
    ],
    ['many times left out', { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 1_000_000 }],
    ['below the threshold', { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 100_000 }],
    [
      'planned',
      { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 300_000 },
    ],
    [
      'planned, class of another category',
      { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 900_000 },
    ],
    ['planned, class not told', { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000 }],
    ['planned, オ has no classes', { treatmentMonth: '2027-08', category: 'オ', totalCostYen: 1_000_000 }],
  ],
  'kogaku-under70-from-2027-08': [
    [
      'many times and 非課税 left out',
      { treatmentMonth: '2027-08', standardMonthlyRemuneration: 300_000, totalCostYen: 1_000_000 },
    ],
  ],
  'kouki-2wari-transition': [
    ['the month left out', { treatmentMonth: '2025-09', outpatientCostYen: 40_000 }],
    ['before 2割', { treatmentMonth: '2022-09', outpatientCostYen: 40_000 }],
    ['the first month', { treatmentMonth: '2022-10', outpatientCostYen: 40_000 }],
    ['the month of 75, plain', { treatmentMonth: '2026-11', outpatientCostYen: 150_000, turns75Month: true }],
    ['the month after', { treatmentMonth: '2025-10', outpatientCostYen: 40_000 }],
    ['before every table', { treatmentMonth: '2014-12', outpatientCostYen: 40_000 }],
  ],
  'kouki-insured-number': [
    ['right', { insuredNumber: '12345674' }],
    ['right, another', { insuredNumber: '00000018' }],
    ['two digits exchanged', { insuredNumber: '12345764' }],
  ],
  'kouki-shikakukakuninsho-2026-08': [
    ['the last day for all', { birthDate: '1950-08-01', date: '2026-07-31' }],
    ['born after the date', { birthDate: '2026-08-02', date: '2026-08-01' }],
    ['under 85', { birthDate: '1941-08-02', date: '2026-08-01' }],
  ],
  'low-income-1-pension': [
    [
      'before every line',
      { treatmentMonth: '2014-12', publicPensionRevenue: 1, otherIncome: 0, householdNonTaxable: true },
    ],
    ['other income', { treatmentMonth: '2026-11', publicPensionRevenue: 1, otherIncome: 1, householdNonTaxable: true }],
    ['taxed', { treatmentMonth: '2026-11', publicPensionRevenue: 1, otherIncome: 0, householdNonTaxable: false }],
  ],
  'meal-copay': [
    ['no figure published', { date: '2026-06-01', class: '難病', meals: 3 }],
    ['no meal', { date: '2026-05-31', class: '一般', meals: 0 }],
    ['a fourth meal', { date: '2026-05-31', class: '一般', meals: 4 }],
  ],
  'medical-institution-code': [
    ['right', { code: '1310000011' }],
    ['wrong check digit', { code: '1310000018' }],
    ['prefecture', { code: '4810000019' }],
  ],
  'my-number': [['twelve zeros', { individualNumber: '000000000000' }]],
  'pin-lock': [
    ['right in between', { certificate: 'sign', attempts: ['ng', 'ng', 'ng', 'ng', 'ok', 'ng'] }],
    ['right after the lock', { certificate: 'auth4', attempts: ['ng', 'ng', 'ng', 'ok'] }],
    ['no attempt', { certificate: 'auth4', attempts: [] }],
  ],
  'public-expense-number': [
    ['recipient number, right', { recipientNumber: '1234566' }],
    ['recipient number, wrong', { recipientNumber: '1234567' }],
    ['recipient number, too short', { recipientNumber: '123456' }],
    ['recipient body of seven', { recipientBody: '1234567' }],
    ['recipient body', { recipientBody: '123456' }],
    ['payer, prefecture', { payerNumber: '54480016' }],
    ['payer, wrong check digit', { payerNumber: '54136016' }],
    ['payer, too short', { payerNumber: '5413601' }],
  ],
  'rate-validity-period': [
    ['born after the date', { scheme: 'kokuho', birthDate: '2026-11-23', date: '2026-11-22' }],
    [
      '障害認定',
      { scheme: 'kouki', birthDate: '1960-05-05', date: '2026-11-22', disabilityCertifiedFrom: '2026-10-01' },
    ],
    ['in spring', { scheme: 'kouki', birthDate: '1940-05-05', date: '2026-03-31' }],
  ],
  'registration-available': [
    ['on the day after', { registrationCompletedOn: '2026-11-20', date: '2026-11-21' }],
    ['on the day itself', { registrationCompletedOn: '2026-11-20', date: '2026-11-20' }],
    ['never completed', { registrationCompletedOn: null, date: '2026-11-20' }],
  ],
  'specified-disease': [
    ['the month of 75', { diseaseCode: '1', under70: false, category: '一般', turns75Month: true }],
    ['the month left out', { diseaseCode: '1', under70: true, category: 'ア' }],
    ['血友病 of ア', { diseaseCode: '2', under70: true, category: 'ア' }],
  ],
  'standard-remuneration-grade': [
    ['nothing', { monthlyPayYen: 0 }],
    ['the highest', { monthlyPayYen: 100_000_000 }],
  ],
  'symbol-number-branch': [
    ['後期, right', { scheme: 'kouki', number: '12345674' }],
    ['後期, wrong', { scheme: 'kouki', number: '12345671' }],
    ['後期 with a branch', { scheme: 'kouki', number: '12345674', branch: '01' }],
    ['後期 with empty fields', { scheme: 'kouki', symbol: '', branch: '' }],
    ['a symbol of 20', { scheme: 'shaho', symbol: '1'.repeat(20), number: '1'.repeat(20), branch: '01' }],
    ['a symbol of 21', { scheme: 'shaho', symbol: '1'.repeat(21) }],
    ['a number of 21', { scheme: 'shaho', number: '1'.repeat(21) }],
    ['an empty number', { scheme: 'shaho', number: '' }],
    ['協会けんぽ, 8 digits', { scheme: 'kyokai', symbol: '12345678', number: '1' }],
    ['協会けんぽ by its insurer, 9 digits', { scheme: 'shaho', insurerNumber: '01130012', symbol: '123456789' }],
    ['a union, short symbol', { scheme: 'kumiai', insurerNumber: '06130488', symbol: '12', number: '5', branch: '1' }],
    ['full-width and spaces', { scheme: 'shaho', symbol: '１２', number: ' 5 ', branch: ' ' }],
    ['a branch of letters', { scheme: 'shaho', symbol: '12', number: '5', branch: 'ab' }],
  ],
  'voluntary-continuation': [
    ['one month only', { lossDate: '2026-04-01', monthsCoveredBefore: 1 }],
    ['died', { diedOn: '2026-09-01' }],
    ['first payment made', { firstPaymentUnpaid: false }],
  ],
  wareki: [
    ['into 西暦', { era: '令和', year: 8, month: 11, day: 22 }],
    ['the last day of 昭和', { era: '昭和', year: 64, month: 1, day: 7 }],
    ['the day after', { era: '昭和', year: 64, month: 1, day: 8 }],
    ['before 平成', { era: '平成', year: 1, month: 1, day: 7 }],
    ['the first day of 平成', { era: '平成', year: 1, month: 1, day: 8 }],
    ['a day that is none', { era: '令和', year: 8, month: 2, day: 29 }],
    ['a year out of all', { era: '令和', year: 200, month: 2, day: 28 }],
    ['the last day of 明治', { date: '1912-07-29' }],
  ],
  'window-rounding': [
    ['at the limit', { points: 6000, copayPercent: 30, limitYen: 18_000 }],
    ['one yen below the limit', { points: 6000, copayPercent: 30, limitYen: 18_001 }],
    ['above the limit', { points: 6001, copayPercent: 30, limitYen: 18_000 }],
    ['half a ten', { points: 15, copayPercent: 10 }],
    ['just below', { points: 14, copayPercent: 10 }],
  ],
} satisfies Partial<Record<RuleName, Inputs>>;
