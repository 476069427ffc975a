import type { Reading } from '@app/oqs';

import { todayOf, type Asked } from './present-answer.js';

/** A question about one person, as far as it could be read. */
export type SingleQuestion = Exclude<Reading<'OQSsiquc01req'>, { readonly outcome: 'malformed' }>;

/** What the answer repeats of a question. `askedAt` is an instant in Japanese time; `institutionCode` is for a question without one. */
export const askedOf = ({ message }: SingleQuestion, askedAt: string, institutionCode: string): Asked => {
  const header = message.MessageHeader;
  return {
    by: '2',
    institutionCode: header?.MedicalInstitutionCode ?? institutionCode,
    confirmationDate: header?.QualificationConfirmationDate ?? todayOf(askedAt),
    fileIdentifier: header?.ArbitraryFileIdentifier,
    searchInfo: message.MessageBody?.QualificationConfirmSearchInfo,
  };
};
