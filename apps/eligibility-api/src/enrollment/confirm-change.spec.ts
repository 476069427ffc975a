import type { QualificationChangeRow } from '@app/contracts';
import type { JlisAttribute } from '@app/contracts/jlis';
import type { CivilDate, PersonFacts } from '@app/domain';

import type { PersonCandidate } from '../registry/person-search.js';
import { IndividualNumber } from '../vault/individual-number.js';
import { confirmed, toConfirm } from './confirm-change.js';
import type { ChangeSubject, ChangeToConfirm } from './filings.js';

const day = (text: string): CivilDate => text as CivilDate;
const TODAY = day('2026-11-22');
const PERSON: PersonFacts = {
  personId: '7',
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: day('1980-05-05'), address: '甲１番地' },
  qualifications: [
    {
      qualificationId: '11',
      insurer: { insurerNumber: '06130488', insurerName: '見本', scheme: 'shaho' },
      insuredCardClassification: '01',
      insuredIdentificationNumber: '1',
      personalFamilyClassification: '1',
      acquiredOn: day('2024-04-01'),
      disabilityCertified: false,
      availableFrom: day('2024-04-02'),
      recordedAt: 0,
      income: [],
      copayCertificates: [],
      limitCertificates: [],
      specificDiseases: [],
      tickets: [],
    },
  ],
  referenceNumbers: [],
};
const filing = (
  filed: Partial<QualificationChangeRow>,
  subject: ChangeSubject | undefined = { personRef: 'P7', person: PERSON },
): ChangeToConfirm => ({
  enrollmentId: 'e',
  insurerNumber: '06130488',
  filed: { kind: 'change', qualificationId: '11', effectiveDate: '2026-11-20', ...filed },
  subject,
});

describe('whom to ask about a change', () => {
  it('the registry, about the whole person as they are once it is made', () => {
    expect(toConfirm(filing({ person: { name: '新姓　太郎' } }), TODAY)).toMatchObject({
      kind: 'ask',
      question: {
        kanjiName: '新姓　太郎',
        kanaName: 'ｼｶｸ ﾀﾛｳ',
        birthDate: '1980-05-05',
        sex: '1',
        address: '甲１番地',
      },
    });
  });
  it('nobody about what is not one of the five attributes', () => {
    expect(toConfirm(filing({ insuredCardSymbol: '9', person: { postNumber: '100-0014' } }), TODAY)).toEqual({
      kind: 'decided',
      found: { outcome: 'record' },
    });
  });
  it('two people about what a later change has overtaken', () => {
    const moved: PersonFacts = {
      ...PERSON,
      identityChanges: [{ from: day('2026-11-21'), recordedAt: 1, changed: { address: '丙' } }],
    };
    expect(toConfirm(filing({ person: { address: '乙' } }, { personRef: 'P7', person: moved }), TODAY)).toMatchObject({
      found: { outcome: 'review', reasons: [{ code: 'overtaken-by-later-change' }] },
    });
  });
  it('nobody about somebody without an address, and nobody about no coverage', () => {
    const { address: _address, ...identity } = PERSON.identity;
    const homeless = { personRef: 'P7', person: { ...PERSON, identity } };
    expect(toConfirm(filing({ person: { name: '新姓　太郎' } }, homeless), TODAY)).toMatchObject({
      found: { outcome: 'return', reasons: [{ code: 'attribute-missing', pointer: '/person/address' }] },
    });
    for (const subject of [undefined, { person: { ...PERSON, qualifications: [] } }])
      expect(toConfirm({ ...filing({ insuredCardSymbol: '9' }), subject }, TODAY)).toMatchObject({
        found: { outcome: 'return', reasons: [{ code: 'coverage-not-found' }] },
      });
  });
});

describe('what the registry’s candidates say', () => {
  const number = IndividualNumber.read('123456789018');
  if (!number.ok) throw new Error('the number of this specification is none');
  const ALL: readonly JlisAttribute[] = ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'];
  const ASKED = {
    kanjiName: '新姓　太郎',
    kanaName: 'ｼｶｸ ﾀﾛｳ',
    birthDate: '1980-05-05',
    sex: '1' as const,
    address: '甲１番地',
  };
  const candidate = (personRef: string, differs: readonly JlisAttribute[] = []): PersonCandidate => ({
    ...ASKED,
    personRef,
    postNumber: '100-0013',
    matchedAttributes: ALL.filter((attribute) => !differs.includes(attribute)),
    individualNumber: number.value,
  });
  const says = (
    subject: Partial<ChangeSubject>,
    candidates: readonly PersonCandidate[],
    truncated = false,
  ): unknown => {
    const found = confirmed({ person: PERSON, ...subject }, ASKED, { candidates, truncated });
    if (found.outcome === 'record' || found.outcome === 'register') return [found.outcome, found.person?.personRef];
    return [found.outcome, ...found.reasons.map(({ code, pointer }) => pointer ?? code)];
  };
  const KNOWN = { personRef: 'P7' };

  it.each([
    ['of the person it is about', [candidate('P7')], false, ['record', 'P7']],
    [
      'of them and a twin: nobody is chosen, they are known',
      [candidate('P8'), candidate('P7')],
      false,
      ['record', 'P7'],
    ],
    ['of somebody else', [candidate('P8')], false, ['return', 'somebody-else-found']],
    [
      'of somebody else, and all but two of theirs',
      [candidate('P8'), candidate('P7', ['kanjiName', 'address'])],
      false,
      ['return', 'somebody-else-found'],
    ],
    [
      'of all but two of theirs',
      [candidate('P7', ['kanjiName', 'address'])],
      false,
      ['return', '/person/name', '/person/address'],
    ],
    ['of nobody', [], false, ['return', 'nobody-found']],
    ['of so many that they may have been cut off', [candidate('P8')], true, ['review', 'several-people']],
  ])('%s, whose reference is known', (_what, candidates, truncated, outcome) => {
    expect(says(KNOWN, candidates, truncated)).toEqual(outcome);
  });

  it.each([
    ['one', [candidate('P8')], false, ['record', 'P8']],
    ['two', [candidate('P8'), candidate('P9')], false, ['review', 'several-people']],
    ['one of many', [candidate('P8')], true, ['review', 'several-people']],
    ['one who differs in one', [candidate('P8', ['kanaName'])], false, ['return', '/person/nameKana']],
    ['nobody', [], false, ['return', 'nobody-found']],
  ])('%s, of somebody who was never looked up', (_what, candidates, truncated, outcome) => {
    expect(says({}, candidates, truncated)).toEqual(outcome);
  });
});
