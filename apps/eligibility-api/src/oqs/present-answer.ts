import type { EligibilityAnswer } from '@app/contracts';
import type { MessageToWrite } from '@app/oqs';

import { CREDENTIAL_UNUSABLE, noteOfAnswer, type Note } from './notes.js';
import { presentResult, type ReferenceClassification } from './present-result.js';
import { dateDigits, timeDigits } from './writing.js';

/** 資格確認結果, single or of a card reader: the same tree. */
export type SingleAnswer = MessageToWrite<'OQSsiquc01res'>;
type SearchInfo = SingleAnswer['MessageBody']['QualificationConfirmSearchInfo'];

/** What is written back as it was asked. */
export interface Asked {
  readonly by: ReferenceClassification;
  readonly institutionCode: string;
  /** `YYYYMMDD`; of a faulty question, as it came. */
  readonly confirmationDate: string;
  readonly fileIdentifier?: string | undefined;
  readonly searchInfo?: SearchInfo;
}

export const SUCCEEDED = '1';
export const IN_PROGRESS = '2';
export const FAILED = '9';

const headerOf = (asked: Asked, executedAt: string): Omit<SingleAnswer['MessageHeader'], 'SegmentOfResult'> => ({
  ProcessExecutionTime: timeDigits(executedAt),
  QualificationConfirmationDate: asked.confirmationDate,
  MedicalInstitutionCode: asked.institutionCode,
  ArbitraryFileIdentifier: asked.fileIdentifier,
  ReferenceClassification: asked.by,
});

/**
 * The answer to one check in the national system's tree. Holds no rule: what was decided comes in, how it is written goes out.
 * A card that cannot be used is an error here: clients take any result without a list for "not covered".
 */
export const presentAnswer = (answer: EligibilityAnswer, asked: Asked): SingleAnswer => {
  const { results, credential, qualificationValidity } = answer;
  if (results === undefined && isUnusable(credential.state))
    return presentFailure(CREDENTIAL_UNUSABLE, asked, answer.checkedAt);
  const note = noteOfAnswer(answer);
  return {
    MessageHeader: { ...headerOf(asked, answer.checkedAt), SegmentOfResult: SUCCEEDED },
    MessageBody: {
      QualificationConfirmSearchInfo: asked.searchInfo,
      ProcessingResultStatus: '1',
      ProcessingResultCode: note?.code,
      ProcessingResultMessage: note?.message,
      QualificationValidity: qualificationValidity,
      ResultList:
        results === undefined || results.length === 0
          ? undefined
          : { ResultOfQualificationConfirmation: results.map((result) => presentResult(result, asked.by)) },
    },
  };
};

const isUnusable = (state: EligibilityAnswer['credential']['state']): boolean =>
  state === 'revoked' || state === 'expired';

/**
 * No answer: 異常終了, with what is wrong in the header and in the body, since clients look at the one or at the other. There is
 * no QualificationValidity in it. `executedAt` is an instant in Japanese time.
 */
export const presentFailure = (note: Note, asked: Asked, executedAt: string): SingleAnswer => ({
  MessageHeader: {
    ...headerOf(asked, executedAt),
    SegmentOfResult: FAILED,
    ErrorCode: note.code,
    ErrorMessage: note.message,
  },
  MessageBody: {
    QualificationConfirmSearchInfo: asked.searchInfo,
    ProcessingResultStatus: '2',
    ProcessingResultCode: note.code,
    ProcessingResultMessage: note.message,
  },
});

/** The day of a confirmation that names none. */
export const todayOf = (instant: string): string => dateDigits(instant.slice(0, 10));
