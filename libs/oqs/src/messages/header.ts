import { always, filled, group, leaf, optional, required } from '../description.js';
import { codeOf, count, date, dateTime, digits, identifier, text, textUpTo } from '../formats.js';

const medicalInstitutionCode = leaf('MedicalInstitutionCode', '医療機関コード', digits(10), 'C', {
  note: '都道府県2桁、点数表1桁、医療機関7桁',
});
const arbitraryFileIdentifier = leaf('ArbitraryFileIdentifier', '任意のファイル識別子', identifier, 'C', {
  note: 'echoed to the letter: clients look for it by text',
});
const qualificationConfirmationDate = leaf('QualificationConfirmationDate', '資格確認日', date, 'C');
const processExecutionTime = leaf('ProcessExecutionTime', '処理実行日時', dateTime, 'C');
const referenceClassification = leaf('ReferenceClassification', '照会区分', codeOf('ReferenceClassification'), 'C');
const segmentOfResult = leaf('SegmentOfResult', '処理結果区分', codeOf('SegmentOfResult'), 'C');
const errorCode = leaf('ErrorCode', 'エラーコード', text, 'T', {
  note: 'only when SegmentOfResult is not 1; the codes of 別紙6-1 are not public, ours begin with SHK',
});
const errorMessage = leaf('ErrorMessage', 'エラーメッセージ', text, 'T');
const characterCodeIdentifier = leaf(
  'CharacterCodeIdentifier',
  '文字コード識別',
  codeOf('CharacterCodeIdentifier'),
  'C',
);
export const receptionNumber = leaf('ReceptionNumber', '受付番号', textUpTo(50), 'K');

export const askedOnHeader = group('MessageHeader', 'メッセージヘッダー', 'C', [
  required(qualificationConfirmationDate),
  required(medicalInstitutionCode),
  optional(arbitraryFileIdentifier),
]);

export const plainHeader = group('MessageHeader', 'メッセージヘッダー', 'C', [
  required(medicalInstitutionCode),
  optional(arbitraryFileIdentifier),
]);

/** Of a single answer; the face message has the same, and always its own ArbitraryFileIdentifier. */
export const answerHeader = group('MessageHeader', 'メッセージヘッダー', 'C', [
  always(processExecutionTime),
  always(qualificationConfirmationDate),
  always(medicalInstitutionCode),
  optional(arbitraryFileIdentifier),
  always(referenceClassification),
  always(segmentOfResult),
  optional(errorCode),
  optional(errorMessage),
  filled(characterCodeIdentifier),
]);

/** Of the answer to a registration, and of the receipt of a bulk request. */
export const acknowledgingHeader = group('MessageHeader', 'メッセージヘッダー', 'C', [
  always(processExecutionTime),
  always(medicalInstitutionCode),
  optional(arbitraryFileIdentifier),
  always(segmentOfResult),
  optional(errorCode),
  optional(errorMessage),
  filled(characterCodeIdentifier),
]);

export const bulkAnswerHeader = group('MessageHeader', 'メッセージヘッダー', 'K', [
  always(processExecutionTime),
  optional(qualificationConfirmationDate),
  always(medicalInstitutionCode),
  optional(arbitraryFileIdentifier),
  always(receptionNumber),
  always(segmentOfResult),
  optional(errorCode),
  optional(errorMessage),
  optional(leaf('NumberOfProcessingResult', '処理結果件数', count, 'K')),
  optional(leaf('NumberOfNormalProcessing', '正常処理件数', count, 'K')),
  optional(leaf('NumberOfError', 'エラー件数', count, 'K')),
  filled(characterCodeIdentifier),
]);
