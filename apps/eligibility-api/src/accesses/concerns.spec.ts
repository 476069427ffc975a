import type { Patient } from './accesses.js';
import { concerns, type CheckAbout } from './concerns.js';
import type { PersonShown } from './people-shown.js';

const OWN = '06130488';
const OTHER = '39131156';

const coverage = { number: '1000001', branch: '01', acquiredOn: '2020-04-01', lostOn: '2026-04-01', shared: true };
const patient: Patient = {
  insurerNumber: OWN,
  personId: '1',
  birthdate: '1980-05-05',
  serials: ['AAAAAAAA'],
  coverages: [coverage],
};
const alone: Patient = { ...patient, coverages: [{ ...coverage, shared: false }] };

const self: PersonShown = { insurerNumber: OWN, birthdate: '1980-05-05', insuredBranchNumber: '01' };
const check = (by: CheckAbout['by'], shown: CheckAbout['shown'], serviceDate = '2025-01-01'): CheckAbout => ({
  by,
  shown,
  serviceDate,
});

it.each<[string, Patient, CheckAbout, boolean]>([
  ['a card that showed coverage here', patient, check('card', [self]), true],
  ['a card that showed coverage elsewhere alone', patient, check('card', [{ ...self, insurerNumber: OTHER }]), false],
  ['a card that showed both', patient, check('card', [{ ...self, insurerNumber: OTHER }, self]), true],
  ['a card that showed nothing, the day before the coverage began', patient, check('card', [], '2020-03-31'), false],
  ['a card that showed nothing, the day it began', patient, check('card', [], '2020-04-01'), true],
  ['a card that showed nothing, the last day', patient, check('card', [], '2026-03-31'), true],
  ['a card that showed nothing, the day it was lost', patient, check('card', [], '2026-04-01'), false],
  ['a card whose answer is gone, while insured here', patient, check('card', undefined), true],
  ['the number, and the patient was shown', patient, check('number', [self]), true],
  ['the number, and a child was', patient, check('number', [{ ...self, birthdate: '2010-01-01' }]), false],
  [
    'the number, and a twin of another branch was',
    patient,
    check('number', [{ ...self, insuredBranchNumber: '02' }]),
    false,
  ],
  [
    'the number, and the answer names no branch',
    patient,
    check('number', [{ insurerNumber: OWN, birthdate: '1980-05-05' }]),
    false,
  ],
  ['a number the family shares, and nobody was shown', patient, check('number', []), false],
  ['a number the family shares, and the answer is gone', patient, check('number', undefined), false],
  ['a number of their own, and nobody was shown', alone, check('number', []), true],
  ['a number of their own, and the answer is gone', alone, check('number', undefined), true],
  [
    'a number of their own, and somebody before them was shown',
    alone,
    check('number', [{ ...self, birthdate: '1950-01-01' }]),
    false,
  ],
])('%s', (_what, who, asked, expected) => {
  expect(concerns(who, asked)).toBe(expected);
});
