import type { EligibilityAnswer, QualificationResult } from '@app/contracts';
import type { ItemToWrite, ReceivedItem } from '@app/oqs';

import { CONSENTED } from './ask-single.js';
import { noteOfAnswer, noteOfProblem, CREDENTIAL_UNUSABLE, type Note } from './notes.js';
import { limitInfoOf, personOf, presentResult } from './present-result.js';

type BulkInfo = ReceivedItem<'OQSmuquc01req'>;
export type ConfirmUnit = ItemToWrite<'OQSmuquc02res'>;
export type ConsentedUnit = ItemToWrite<'OQSmutic02res'>;

/** One line of a batch's results. */
export type BatchLine =
  | { readonly itemId: string; readonly answer: EligibilityAnswer }
  | { readonly itemId: string; readonly problem: { readonly code: string } };

const NOT_CHANGED = '0';
/** 変更あり又は判定不能. */
const CHANGED_OR_UNKNOWN = '1';

const COMPARED = [
  'LimitApplicationCertificateClassification',
  'LimitApplicationCertificateClassificationFlag',
  'LimitApplicationCertificateValidStartDate',
  'LimitApplicationCertificateValidEndDate',
] as const;

/**
 * 限度額適用認定証情報変更有無: what the institution holds against what it would be shown now. Without the patient's consent nothing of it
 * may be said, nor compared.
 */
const changedOf = (info: Partial<BulkInfo>, result: QualificationResult): string => {
  if (info.LimitApplicationCertificateRelatedConsFlg !== CONSENTED) return CHANGED_OR_UNKNOWN;
  const held: Partial<Record<(typeof COMPARED)[number], string | undefined>> =
    info.LimitApplicationCertificateRelatedInfo ?? {};
  const now = limitInfoOf(result) ?? {};
  return COMPARED.every((name) => (held[name] ?? '') === (now[name] ?? '')) ? NOT_CHANGED : CHANGED_OR_UNKNOWN;
};

const failed = (note: Note) => ({
  ProcessingResultStatus: '2',
  ProcessingResultCode: note.code,
  ProcessingResultMessage: note.message,
});

const succeeded = (answer: EligibilityAnswer) => {
  const note = noteOfAnswer(answer);
  return {
    ProcessingResultStatus: '1',
    ProcessingResultCode: note?.code,
    ProcessingResultMessage: note?.message,
    QualificationValidity: answer.qualificationValidity,
  };
};

/** The 照会番号 of the person, once for each result, as the national system has them beside the results. */
const numbersOf = (results: readonly QualificationResult[]): string[] =>
  results.flatMap(({ referenceNumber }) => (referenceNumber === undefined ? [] : [referenceNumber]));

/** One person of a bulk answer: no 限度額, 特定疾病 or 閲覧 data, only whether 限度額 changed. */
export const confirmUnit = (info: Partial<BulkInfo>, line: BatchLine | Note): ConfirmUnit => {
  const { LimitApplicationCertificateRelatedInfo: _held, ...echo } = info;
  const QualificationConfirmSearchInfo = echo;
  if ('message' in line) return { QualificationConfirmSearchInfo, ...failed(line) };
  if ('problem' in line) return { QualificationConfirmSearchInfo, ...failed(noteOfProblem(line.problem.code)) };
  const { results = [] } = line.answer;
  return {
    QualificationConfirmSearchInfo,
    ...succeeded(line.answer),
    ResultOfQualificationConfirmation: results.map((result) => ({
      ...personOf(result),
      LimitApplicationCertificateChanged: changedOf(info, result),
    })),
    ReferenceNumber: numbersOf(results),
  };
};

/** One person of a bulk answer by month. */
export const consentedUnit = (line: BatchLine): ConsentedUnit => {
  if ('problem' in line) return failed(noteOfProblem(line.problem.code));
  const { results } = line.answer;
  if (results === undefined && line.answer.verdict === 'valid') return failed(CREDENTIAL_UNUSABLE);
  return {
    ...succeeded(line.answer),
    ResultOfQualificationConfirmation: (results ?? []).map((result) => {
      const { ReferenceNumber: _beside, ...shown } = presentResult(result, '2');
      return shown;
    }),
    ReferenceNumber: numbersOf(results ?? []),
  };
};

/** Whether a unit holds an answer. */
export const isAnswered = ({ ProcessingResultStatus }: { readonly ProcessingResultStatus: string }): boolean =>
  ProcessingResultStatus === '1';
