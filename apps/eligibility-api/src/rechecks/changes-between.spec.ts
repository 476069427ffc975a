import type { EligibilityAnswer } from '@app/contracts';

import { changesBetween, type Said } from './changes-between.js';

type Result = NonNullable<EligibilityAnswer['results']>[number];

const RESULT = {
  insurerNumber: '06130488',
  insuredCardSymbol: '1234',
  insuredIdentificationNumber: '1987654',
  insuredBranchNumber: '01',
  name: '資格　太郎',
  copay: { ratePercent: 30, band: 'general', validFrom: '2026-04-01', ruleVersion: 'r1' },
  costLimit: { classificationFlag: 'A03', treatmentMonth: '2026-11', annualCapYen: 530_000, ruleVersion: 'r1' },
} as unknown as Result;
const said = (changes: object = {}, more: Partial<Said> = {}): Said => ({
  verdict: 'valid',
  credentialState: 'valid',
  results: [{ ...RESULT, ...changes }],
  ...more,
});
const { results: _shown, ...NOTHING_SHOWN } = said();

it.each<[string, Said, Said, readonly string[]]>([
  ['nothing', said(), said(), []],
  ['a name', said(), said({ name: '資格　花子' }), []],
  ['the rules alone', said(), said({ copay: { ...RESULT.copay, ruleVersion: 'r2', validFrom: '2026-08-01' } }), []],
  ['the rate', said(), said({ copay: { ...RESULT.copay, ratePercent: 20 } }), ['copay']],
  ['a rate that was not known', said({ copay: { unknown: true } }), said(), ['copay']],
  ['the class', said(), said({ costLimit: { ...RESULT.costLimit, classificationFlag: 'A02' } }), ['cost-limit']],
  ['an amount', said(), said({ costLimit: { ...RESULT.costLimit, annualCapYen: 410_000 } }), ['cost-limit']],
  ['the rules of the limit alone', said(), said({ costLimit: { ...RESULT.costLimit, ruleVersion: 'r2' } }), []],
  ['the insurer', said(), said({ insurerNumber: '01130012' }), ['coverage']],
  ['the branch', said(), said({ insuredBranchNumber: '02' }), ['coverage']],
  ['a second coverage', said(), said({}, { results: [RESULT, RESULT] }), ['coverage', 'copay', 'cost-limit']],
  ['the verdict', said(), said({ copay: undefined }, { verdict: 'invalid' }), ['verdict']],
  ['the card', said(), { ...NOTHING_SHOWN, credentialState: 'revoked' }, ['credential']],
  ['a card that was renewed', said(), said({}, { credentialState: 'superseded' }), []],
  ['a card in its grace', said(), said({}, { credentialState: 'grace' }), []],
  ['verdict and card', said(), { verdict: 'not-found', credentialState: 'not-registered' }, ['verdict', 'credential']],
  ['what was shown is not known any more', NOTHING_SHOWN, said({ insurerNumber: '01130012' }), []],
])('%s', (_what, before, after, changes) => {
  expect(changesBetween(before, after)).toEqual(changes);
});
