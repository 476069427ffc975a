import { normaliseNumber, usableFrom } from '@app/domain';

import { tokyoDay } from '../clock/clock.js';
import { branchOf } from '../enrollment/filed-change.js';
import type { EnrollmentToLookUp, FiledReason } from '../enrollment/filings.js';

/** 被保険者証一般; the other classifications are those of certificates that only national health insurance issues. */
const GENERAL = '01';

/** The coverage that a filing begins, as it is stored when it is registered at an instant. */
export const filedCoverage = ({ filed }: Pick<EnrollmentToLookUp, 'filed'>, now: number) => ({
  classification: GENERAL,
  symbol: filed.insuredCardSymbol ?? null,
  number: filed.insuredIdentificationNumber,
  numberKey: normaliseNumber(filed.insuredIdentificationNumber),
  branch: filed.insuredBranchNumber === undefined ? null : branchOf(filed.insuredBranchNumber),
  family: filed.kind === 'dependent' ? '2' : '1',
  insuredName: filed.insuredName ?? null,
  acquiredOn: filed.qualificationDate,
  usableFrom: usableFrom(tokyoDay(now)),
});

/** Why a filing comes back whose coverage would reach into one that this insurer has of the person already. */
export const overlapReason = (
  coverage: Pick<ReturnType<typeof filedCoverage>, 'acquiredOn' | 'numberKey'>,
  other: { readonly acquiredOn: string; readonly numberKey: string },
): FiledReason =>
  other.acquiredOn === coverage.acquiredOn && other.numberKey === coverage.numberKey
    ? { code: 'already-filed' }
    : { code: 'already-insured-here', pointer: '/qualificationDate' };
