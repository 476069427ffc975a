import type { EligibilityCheckRequest } from '@app/contracts';
import {
  addYears,
  canonicalInsurerNumber,
  hasCheckDigit,
  normaliseBranch,
  normaliseNumber,
  normaliseSymbol,
  parseCertificateSerial,
  parseCivilDate,
  type CivilDate,
  type Consent,
  type InsuredKey,
  type Parsed,
} from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';

/** First day that can be asked about: the first published limit table begins here. */
const FIRST_SERVICE_DATE = '2015-01-01';

/** A request past the door: nothing in it needs to be looked at twice. */
export interface Ask {
  readonly subject:
    { readonly by: 'card'; readonly serial: string } | { readonly by: 'insured'; readonly key: InsuredKey };
  readonly serviceDate: CivilDate;
  readonly consent: Consent;
  readonly ifVersion?: string;
  readonly maxAgeMs?: number;
}

/** Says what is expected. The parser's own words may hold what was sent. */
const valueAt = <T>(pointer: string, parsed: Parsed<T>, expected: string): T => {
  if (parsed.ok) return parsed.value;
  throw new ProblemException('invalid-request', { errors: [{ pointer, code: 'format', detail: expected }] });
};

const A_DAY = 'must be a day of the calendar, written YYYY-MM-DD';

/** The day that is asked about. Throws a problem that names the field. */
export const serviceDateOf = (request: Pick<EligibilityCheckRequest, 'serviceDate'>, today: CivilDate): CivilDate => {
  if (request.serviceDate === undefined) return today;
  const date = valueAt('/serviceDate', parseCivilDate(request.serviceDate), A_DAY);
  const last = addYears(today, 1);
  if (date < FIRST_SERVICE_DATE || date > last)
    throw new ProblemException('service-date-out-of-range', {
      detail: `serviceDate may lie from ${FIRST_SERVICE_DATE} to ${last}.`,
      errors: [{ pointer: '/serviceDate', code: 'range', detail: `must lie from ${FIRST_SERVICE_DATE} to ${last}` }],
    });
  return date;
};

/** Columns filled with spaces hold nothing. */
const filled = (text: string | undefined): string | undefined =>
  text === undefined || normaliseSymbol(text) === '' ? undefined : text;

const insuredKeyOf = (insured: NonNullable<EligibilityCheckRequest['insured']>, serviceDate: CivilDate): InsuredKey => {
  const insurerNumber = valueAt(
    '/insured/insurerNumber',
    canonicalInsurerNumber(insured.insurerNumber),
    'must have 8 digits, or 6 for 国保',
  );
  const birthdate = valueAt('/insured/birthdate', parseCivilDate(insured.birthdate), A_DAY);
  if (birthdate > serviceDate)
    throw new ProblemException('birthdate-in-future', {
      errors: [{ pointer: '/insured/birthdate', code: 'range', detail: 'must not lie after the service date' }],
    });
  const insuredIdentificationNumber = normaliseNumber(insured.insuredIdentificationNumber);
  if (insuredIdentificationNumber === '')
    throw new ProblemException('invalid-request', {
      errors: [{ pointer: '/insured/insuredIdentificationNumber', code: 'format', detail: 'must not be blank' }],
    });
  const symbol = filled(insured.insuredCardSymbol);
  const branch = filled(insured.insuredBranchNumber);
  return {
    insurerNumber,
    insurerNumberCheckDigitWrong: !hasCheckDigit(insurerNumber),
    insuredIdentificationNumber,
    birthdate,
    ...(symbol === undefined ? {} : { insuredCardSymbol: normaliseSymbol(symbol) }),
    ...(branch === undefined ? {} : { insuredBranchNumber: normaliseBranch(branch) }),
  };
};

/** Reads a request of the documented shape. Throws a problem that names the field. `today` is the Tokyo day of asking. */
export const readAsk = (request: EligibilityCheckRequest, today: CivilDate): Ask => {
  const serviceDate = serviceDateOf(request, today);
  const { card, insured, consent, ifVersion, maxAgeSeconds } = request;
  if ((card === undefined) === (insured === undefined))
    throw new ProblemException('invalid-request', {
      errors: [{ pointer: '', code: 'exactly-one-of', detail: 'exactly one of card and insured must be given' }],
    });
  const subject: Ask['subject'] =
    insured === undefined
      ? {
          by: 'card',
          serial: valueAt(
            '/card/certificateSerial',
            parseCertificateSerial(card?.certificateSerial ?? ''),
            'must have 8 to 40 hexadecimal digits',
          ),
        }
      : { by: 'insured', key: insuredKeyOf(insured, serviceDate) };
  return {
    subject,
    serviceDate,
    consent: {
      limitApplicationCertificate: consent?.limitApplicationCertificate ?? false,
      specificDiseases: consent?.specificDiseases ?? false,
      pharmacists: consent?.pharmacists ?? false,
      specificHealthCheckups: consent?.specificHealthCheckups ?? false,
      diagnosis: consent?.diagnosis ?? false,
      operation: consent?.operation ?? false,
    },
    ...(ifVersion === undefined ? {} : { ifVersion }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeMs: maxAgeSeconds * 1000 }),
  };
};
