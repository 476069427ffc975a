import { notices } from '@app/contracts';
import {
  assess,
  civilDate,
  RULE_VERSION,
  yearMonth,
  type CertificateFacts,
  type Consent,
  type EligibilityAnswer,
  type Facts,
  type PersonFacts,
  type QualificationFacts,
} from '@app/domain';

import { presentAnswer, type AnswerContent } from './present.js';

const CHECKED_AT = Date.parse('2026-11-22T09:00:00.123+09:00');
const VERIFIED_AT = Date.parse('2026-11-22T08:59:58.001+09:00');
const CLINIC = '1310000019';

const ALL: Consent = {
  limitApplicationCertificate: true,
  specificDiseases: true,
  pharmacists: true,
  specificHealthCheckups: true,
  diagnosis: true,
  operation: true,
};
const NONE = Object.fromEntries(Object.keys(ALL).map((kind) => [kind, false])) as unknown as Consent;

/** Only what must be there. */
const least: QualificationFacts = {
  qualificationId: 'q1',
  insurer: { insurerNumber: '06130488', insurerName: '見本健康保険組合', scheme: 'shaho' },
  insuredCardClassification: '01',
  insuredIdentificationNumber: '1987654',
  personalFamilyClassification: '1',
  acquiredOn: civilDate('2024-04-01'),
  disabilityCertified: false,
  availableFrom: civilDate('2024-04-02'),
  recordedAt: 0,
  income: [],
  copayCertificates: [],
  limitCertificates: [],
  specificDiseases: [],
  tickets: [],
};

/** Everything there can be. */
const most: QualificationFacts = {
  ...least,
  insuredCardSymbol: '1234',
  insuredBranchNumber: '01',
  insuredName: '資格　花子',
  loss: { lostOn: civilDate('2026-12-01'), reasonOfLoss: '03', recordedAt: 0 },
  insuredCertificateIssuanceDate: civilDate('2024-04-03'),
  insuredCardValidDate: civilDate('2024-04-01'),
  insuredCardExpirationDate: civilDate('2029-03-31'),
  limitCertificates: [
    {
      classification: '01',
      classificationFlag: 'A03',
      from: civilDate('2026-08-01'),
      to: civilDate('2027-07-31'),
      issuedOn: civilDate('2026-07-20'),
      longTermOn: civilDate('2026-09-01'),
      recordedAt: 0,
    },
  ],
  specificDiseases: [
    {
      category: '1',
      selfPayYen: 10_000,
      from: civilDate('2025-01-01'),
      to: civilDate('2029-12-31'),
      issuedOn: civilDate('2024-12-20'),
      recordedAt: 0,
    },
  ],
};

const holder = (qualification: QualificationFacts, more: Partial<PersonFacts['identity']> = {}): PersonFacts => ({
  personId: 'p1',
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: civilDate('1980-05-05'), ...more },
  qualifications: [qualification],
  referenceNumbers: [{ institutionCode: CLINIC, referenceNumber: 'A-1' }],
});

const GOOD: CertificateFacts = { status: 'good', notAfter: civilDate('2029-05-05') };
const byCard = (person: PersonFacts, certificate = GOOD): Facts => ({
  by: 'card',
  card: { kind: 'linked', certificate, person },
});

const answerTo = (facts: Facts, consent: Consent = ALL): EligibilityAnswer =>
  assess(
    facts,
    {
      serviceDate: civilDate('2026-11-22'),
      askedOn: civilDate('2026-11-22'),
      knownAt: CHECKED_AT,
      institutionCode: CLINIC,
    },
    consent,
  );

const shown = (facts: Facts, consent: Consent = ALL, verifiedAt: number | undefined = VERIFIED_AT): AnswerContent =>
  presentAnswer(answerTo(facts, consent), CHECKED_AT, verifiedAt);

const resultOf = (facts: Facts, consent: Consent = ALL): Record<string, unknown> => ({
  ...shown(facts, consent).results?.[0],
});

/** Paths of everything that is there and says nothing. */
const hollow = (value: unknown, path = ''): string[] => {
  if (value === undefined || value === null || value === '') return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, child]) => hollow(child, `${path}/${name}`));
};

const elderly: QualificationFacts = {
  ...least,
  copayCertificates: [
    {
      kind: 'elderly-recipient',
      ratePercent: 20,
      from: civilDate('2026-08-01'),
      to: civilDate('2027-07-31'),
      issuedOn: civilDate('2026-07-20'),
      recordedAt: 0,
    },
  ],
};
const late: QualificationFacts = {
  ...least,
  insurer: { insurerNumber: '39131156', insurerName: '見本広域連合', scheme: 'kouki' },
  copayCertificates: [{ kind: 'late-elderly', ratePercent: 10, from: civilDate('2026-08-01'), recordedAt: 0 }],
};
const aid: QualificationFacts = {
  ...least,
  insurer: { insurerNumber: '12131017', insurerName: '見本福祉事務所', scheme: 'medical-aid' },
  tickets: [
    {
      ticketType: '01',
      treatmentMonth: yearMonth('2026-11'),
      designatedMedicalInstitutionCode: CLINIC,
      from: civilDate('2026-11-01'),
      to: civilDate('2026-11-30'),
      selfPayAmountYen: 0,
      recordedAt: 0,
    },
  ],
};

describe('absent means absent', () => {
  const old = { birthdate: civilDate('1953-02-10') };
  const oldest = { birthdate: civilDate('1948-02-10') };

  it.each([
    ['the least there can be', byCard(holder(least)), ALL],
    ['the least, nothing consented', byCard(holder(least)), NONE],
    ['the most there can be', byCard(holder(most)), ALL],
    ['a certificate without dates', byCard(holder(least), { status: 'good' }), ALL],
    ['at 70, undetermined', byCard(holder(least, old)), ALL],
    ['at 70, with a certificate', byCard(holder(elderly, old)), ALL],
    ['後期', byCard(holder(late, oldest)), ALL],
    ['medical aid', byCard(holder(aid)), ALL],
    [
      'a coverage that ended',
      byCard(holder({ ...least, loss: { lostOn: civilDate('2026-01-01'), recordedAt: 0 } })),
      ALL,
    ],
    ['a card nobody knows', { by: 'card', card: { kind: 'unknown' } }, ALL],
    [
      'fields that were filed empty',
      byCard(
        holder({ ...most, insuredCardSymbol: '', insuredName: '' }, { nameOfOther: '', address: '', postNumber: '' }),
      ),
      ALL,
    ],
  ] as readonly [string, Facts, Consent][])('no undefined, no null and no "" anywhere: %s', (_what, facts, consent) => {
    expect(hollow(shown(facts, consent))).toEqual([]);
    expect(hollow(presentAnswer(answerTo(facts, consent), CHECKED_AT, undefined))).toEqual([]);
  });

  it('a field filed empty is not there', () => {
    const result = resultOf(byCard(holder({ ...most, insuredCardSymbol: '' }, { address: '' })));
    expect(result).not.toHaveProperty('insuredCardSymbol');
    expect(result).not.toHaveProperty('address');
    expect(result['insuredBranchNumber']).toBe('01');
  });

  it('nothing shown has no results, not an empty list', () => {
    expect(shown({ by: 'card', card: { kind: 'unknown' } })).not.toHaveProperty('results');
  });

  it('nought is there: a ticket without a charge, a rate of 0', () => {
    const result = resultOf(byCard(holder(aid)));
    expect(result['publicExpense']).toMatchObject([{ selfPayAmount: 0 }]);
    expect(result['copay']).toMatchObject({ ratePercent: 0 });
    expect(result).not.toHaveProperty('costLimit');
  });
});

describe('an answer on the wire', () => {
  it('is written out whole', () => {
    expect(shown(byCard(holder(most, { sex2: '2', address: '東京都千代田区', postNumber: '100-0013' })))).toEqual({
      qualificationValidity: '1',
      verdict: 'valid',
      credential: {
        state: 'valid',
        certificateExpirationDate: '2029-05-05',
        graceUntil: '2029-08-31',
        verifiedAt: '2026-11-22T08:59:58.001+09:00',
      },
      results: [
        {
          insurerNumber: '06130488',
          insurerName: '見本健康保険組合',
          insuredCardClassification: '01',
          insuredCardSymbol: '1234',
          insuredIdentificationNumber: '1987654',
          insuredBranchNumber: '01',
          personalFamilyClassification: '1',
          insuredName: '資格　花子',
          name: '資格　太郎',
          nameKana: 'ｼｶｸ ﾀﾛｳ',
          sex1: '1',
          sex2: '2',
          birthdate: '1980-05-05',
          address: '東京都千代田区',
          postNumber: '100-0013',
          qualificationDate: '2024-04-01',
          disqualificationDate: '2026-12-01',
          reasonOfLoss: '03',
          insuredCertificateIssuanceDate: '2024-04-03',
          insuredCardValidDate: '2024-04-01',
          insuredCardExpirationDate: '2029-03-31',
          copay: {
            ratePercent: 30,
            band: 'general',
            validFrom: '1987-04-01',
            validTo: '2050-05-31',
            ruleVersion: RULE_VERSION,
          },
          costLimit: {
            classificationFlag: 'A03',
            label: 'ウ',
            treatmentMonth: '2026-11',
            tableEffectiveFrom: '2026-08',
            household: { baseYen: 85_800, thresholdYen: 286_000, ratePercent: 1, multipleTimesYen: 44_400 },
            annualCapYen: 530_000,
            validFrom: '2026-08-01',
            validTo: '2027-07-31',
            ruleVersion: RULE_VERSION,
          },
          limitApplicationCertificateRelatedConsFlg: '1',
          limitApplicationCertificateRelatedConsTime: '2026-11-22T09:00:00.123+09:00',
          limitApplicationCertificateRelatedInfo: {
            limitApplicationCertificateClassification: '01',
            limitApplicationCertificateClassificationFlag: 'A03',
            limitApplicationCertificateDate: '2026-07-20',
            limitApplicationCertificateValidStartDate: '2026-08-01',
            limitApplicationCertificateValidEndDate: '2027-07-31',
            limitApplicationCertificateLongTermDate: '2026-09-01',
          },
          specificDiseasesCertificateRelatedConsFlg: '1',
          specificDiseasesCertificateRelatedConsTime: '2026-11-22T09:00:00.123+09:00',
          specificDiseases: {
            certificates: [
              {
                specificDiseasesDiseaseCategory: '1',
                specificDiseasesCertificateDate: '2024-12-20',
                specificDiseasesValidStartDate: '2025-01-01',
                specificDiseasesValidEndDate: '2029-12-31',
                specificDiseasesSelfPay: 10_000,
              },
            ],
          },
          ...Object.fromEntries(
            ['specificHealthCheckups', 'pharmacists', 'diagnosis', 'operation'].flatMap((kind) => [
              [`${kind}InfoConsFlg`, '1'],
              [`${kind}InfoConsTime`, '2026-11-22T09:00:00.123+09:00'],
              [`${kind}InfoAvailableTime`, '2026-11-23T09:00:00.123+09:00'],
            ]),
          ),
          referenceNumber: 'A-1',
        },
      ],
      notices: [],
    });
  });

  it('has the texts of its notices from the catalogue', () => {
    const answer = shown(byCard(holder(least), { status: 'revoked' }));
    expect(answer.notices).toEqual([{ code: 'credential-unusable', ...notices['credential-unusable'] }]);
  });

  it('by number has no time of a certificate', () => {
    const facts: Facts = {
      by: 'insured',
      asked: {
        insurerNumber: '06130488',
        insurerNumberCheckDigitWrong: false,
        insuredIdentificationNumber: '1987654',
        birthdate: civilDate('1980-05-05'),
      },
      people: [holder(least)],
    };
    expect(presentAnswer(answerTo(facts), CHECKED_AT, undefined).credential).toEqual({ state: 'not-applicable' });
  });
});

describe('consent and its times', () => {
  const kinds = ['specificHealthCheckups', 'pharmacists', 'diagnosis', 'operation'] as const;

  it('not consented: every flag 0 and no time at all, both kinds withheld', () => {
    const result = resultOf(byCard(holder(most)), NONE);
    expect(Object.keys(result).filter((name) => name.endsWith('Time'))).toEqual([]);
    expect(Object.entries(result).filter(([name, flag]) => name.endsWith('ConsFlg') && flag !== '0')).toEqual([]);
    expect(result['costLimit']).toEqual({ withheld: 'not-consented' });
    expect(result['specificDiseases']).toEqual({ withheld: 'not-consented' });
    expect(result).not.toHaveProperty('limitApplicationCertificateRelatedInfo');
  });

  it.each(kinds)('%s: viewable for 24 hours from now', (kind) => {
    const result = resultOf(byCard(holder(least)), { ...NONE, [kind]: true });
    const times = Object.entries(result).filter(([name]) => name.endsWith('Time'));
    expect(times).toEqual([
      [`${kind}InfoConsTime`, '2026-11-22T09:00:00.123+09:00'],
      [`${kind}InfoAvailableTime`, '2026-11-23T09:00:00.123+09:00'],
    ]);
  });

  it.each(kinds)('%s with a card in grace: 3, and no time', (kind) => {
    const result = resultOf(byCard(holder(least), { status: 'good', notAfter: civilDate('2026-10-05') }), ALL);
    expect(result[`${kind}InfoConsFlg`]).toBe('3');
    expect(result).not.toHaveProperty(`${kind}InfoConsTime`);
    expect(result).not.toHaveProperty(`${kind}InfoAvailableTime`);
  });
});

describe('elements of one age only', () => {
  it('a child’s 未就学区分', () => {
    expect(resultOf(byCard(holder(least, { birthdate: civilDate('2022-05-05') })))['preschoolClassification']).toBe(
      '1',
    );
    expect(resultOf(byCard(holder(least)))).not.toHaveProperty('preschoolClassification');
  });

  it('高齢受給者証 at 70 to 74, with its rate in three digits', () => {
    const result = resultOf(byCard(holder(elderly, { birthdate: civilDate('1953-02-10') })));
    expect(result['elderlyRecipientCertificateInfo']).toEqual({
      elderlyRecipientCertificateDate: '2026-07-20',
      elderlyRecipientValidStartDate: '2026-08-01',
      elderlyRecipientValidEndDate: '2027-07-31',
      elderlyRecipientContributionRatio: '020',
    });
    expect(result).not.toHaveProperty('insuredPartialContributionRatio');
  });

  it('負担割合 in 後期, and no 高齢受給者証', () => {
    const result = resultOf(byCard(holder(late, { birthdate: civilDate('1948-02-10') })));
    expect(result['insuredPartialContributionRatio']).toBe('010');
    expect(result).not.toHaveProperty('elderlyRecipientCertificateInfo');
  });

  it('a ticket of medical aid, for this institution', () => {
    expect(resultOf(byCard(holder(aid)))['publicExpense']).toEqual([
      {
        ticketType: '01',
        medicalTicketValidDate: '2026-11-01',
        medicalTicketExpirationDate: '2026-11-30',
        medicalTreatmentMonth: '2026-11',
        designatedMedicalInstitutionCode: CLINIC,
        designatedMedicalInstitutionFlag: '0',
        selfPayAmount: 0,
      },
    ]);
  });
});
