import type { JlisAttribute } from '@app/contracts/jlis';

import type { PersonCandidate } from '../registry/person-search.js';
import { IndividualNumber } from '../vault/individual-number.js';
import { agreeingInAll, reasonFor } from './match-candidates.js';
import { shownReason } from './reasons.js';

const number = IndividualNumber.read('123456789018');
if (!number.ok) throw new Error('the number of this specification is none');

const ALL: readonly JlisAttribute[] = ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'];
const REGISTERED = {
  kanjiName: '髙橋　京子',
  kanaName: 'ﾀｶﾊｼ ｷｮｳｺ',
  birthDate: '1980-05-05',
  sex: '2' as const,
  address: '甲１番地',
};
const candidate = (differs: readonly JlisAttribute[] = [], personRef = 'P1'): PersonCandidate => ({
  ...REGISTERED,
  personRef,
  postNumber: '100-0013',
  matchedAttributes: ALL.filter((attribute) => !differs.includes(attribute)),
  individualNumber: number.value,
});

it('agreeing in all is agreeing in five', () => {
  expect(agreeingInAll([candidate(['address']), candidate()])).toEqual([candidate()]);
});

describe('what differs about a name is said, and nothing of what is registered', () => {
  it.each([
    ['another shape of a kanji', 'kanjiName', '高橋　京子', { difference: 'variant-characters', characters: [1] }],
    ['no space', 'kanjiName', '髙橋京子', { difference: 'spaces' }],
    ['two spaces, which are one to us', 'kanjiName', '髙橋　　京子', { difference: 'spaces' }],
    ['another name', 'kanjiName', '高梨　京子', { difference: 'different' }],
    ['large kana', 'kanaName', 'ﾀｶﾊｼ ｷﾖｳｺ', { difference: 'small-kana' }],
    ['another reading', 'kanaName', 'ﾀｶﾊｼ ﾐﾔｺ', { difference: 'different' }],
  ] as const)('%s', (_what, attribute, filed, difference) => {
    const reason = reasonFor({ ...REGISTERED, [attribute]: filed }, [candidate([attribute])]);
    expect(reason).toEqual({
      code: 'attribute-differs',
      pointer: attribute === 'kanjiName' ? '/person/name' : '/person/nameKana',
      ...difference,
    });
    expect(JSON.stringify(shownReason(reason))).not.toMatch(/髙橋|京子/);
  });

  it('an address is not taken apart', () => {
    expect(reasonFor({ ...REGISTERED, address: '乙' }, [candidate(['address'])])).toEqual({
      code: 'attribute-differs',
      pointer: '/person/address',
    });
  });

  it('in words for whoever corrects it', () => {
    const { ja, en } = shownReason({ code: 'attribute-differs', pointer: '/person/name', difference: 'spaces' });
    expect(ja).toMatch(/住民票のとおりに届け出てください。空白の位置が異なります。$/);
    expect(en).toMatch(/File it as it stands there\. Its spaces stand elsewhere\.$/);
    expect(shownReason({ code: 'attribute-differs', difference: 'different' }).en).toMatch(/there\.$/);
  });
});

it.each([
  ['two things differ of one person', [candidate(['kanjiName', 'address'])]],
  ['one thing differs of two', [candidate(['kanjiName']), candidate(['kanjiName'], 'P2')]],
  ['nobody is there', []],
])('nothing is told where %s', (_when, candidates) => {
  expect(reasonFor({ ...REGISTERED, kanjiName: '高橋　京子' }, candidates)).toEqual({ code: 'nobody-found' });
});
