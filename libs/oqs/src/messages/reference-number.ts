import { always, group, leaf, optional, required } from '../description.js';
import { insurerNumber, textUpTo } from '../formats.js';
import { processingResult } from './result.js';
import { searchedBranch, searchedInsurerNumber, searchedNumber, searchedSymbol } from './search-info.js';

/** 照会番号登録情報. It names no birthdate. */
export const referenceNumberRegistrationInfo = group('ReferenceNumberRegistrationInfo', '照会番号登録情報', 'C', [
  required(leaf('ReferenceNumber', '照会番号', textUpTo(50), 'C')),
  required(searchedInsurerNumber),
  optional(searchedSymbol),
  required(searchedNumber),
  optional(searchedBranch),
]);

/** Echoed in an answer; the echo of a faulty one is faulty, too. */
export const echoedRegistrationInfo = group('ReferenceNumberRegistrationInfo', '照会番号登録情報', 'C', [
  optional(leaf('ReferenceNumber', '照会番号', textUpTo(50), 'C')),
  optional(leaf('InsurerNumber', '保険者番号', insurerNumber, 'C')),
  optional(searchedSymbol),
  optional(searchedNumber),
  optional(searchedBranch),
]);

/** One person of a bulk registration. */
export const bulkRegistrationUnit = group('BulkRegistrationUnit', '一括登録単位', 'T', [
  always(echoedRegistrationInfo),
  ...processingResult,
]);
