export { checkDigit, hasCheckDigit } from './check-digit.js';
export { digitsText, normaliseText } from './text.js';
export { isPrefectureCode } from './prefecture.js';
export { INSURER_LAW_CODES, insurerLaw, type LawCode } from './law-codes.js';
export {
  canonicalInsurerNumber,
  insurerNumberParts,
  parseInsurerNumber,
  schemeOfInsurer,
  toEightColumns,
  type InsurerNumber,
  type InsurerNumberRefusal,
  type Scheme,
} from './insurer-number.js';
export {
  feeTableOf,
  inspectInstitutionCode,
  parseInstitutionCode,
  type FeeTable,
  type InstitutionCode,
} from './institution-code.js';
export {
  normaliseBranch,
  normaliseNumber,
  normaliseSymbol,
  parseBranch,
  NUMBER_MAX_LENGTH,
  SYMBOL_MAX_LENGTH,
} from './insured.js';
export { parseCertificateSerial, type CertificateSerial } from './certificate-serial.js';
export { checkIndividualNumber, individualNumberCheckDigit } from './individual-number.js';
export {
  parseKoukiInsuredNumber,
  parsePayerNumber,
  parseRecipientNumber,
  recipientNumberOf,
  type PayerNumber,
} from './public-expense.js';
export { nearMisses, type NearMiss } from './near-miss.js';
export { writingOf, type Writing } from './writing.js';
