import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CARD_TEXT, CIVIL_DATE, INSTANT, VISIBLE } from './patterns.js';

export const REVIEW_DECISIONS = ['register', 'return'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

const personRef = {
  description: 'The registry’s own reference to a person, as the candidates have it; not the individual number',
  pattern: VISIBLE,
  minLength: 1,
  maxLength: 40,
  example: 'S0000000031',
} as const;
const reason = {
  description: 'Why, in the reviewer’s words; kept with the filing',
  pattern: CARD_TEXT,
  minLength: 10,
  maxLength: 500,
  example: '本人に電話で生年月日と旧住所を確認した。',
} as const;

/** Somebody who agrees with a filing in all five attributes. */
export class EnrollmentCandidate {
  @ApiProperty(personRef)
  personRef: string;

  @ApiProperty({ description: '漢字氏名', example: '同姓　同名' })
  name: string;

  @ApiProperty({ description: 'カナ氏名', example: 'ﾄﾞｳｾｲ ﾄﾞｳﾒｲ' })
  nameKana: string;

  @ApiProperty({ description: '生年月日', format: 'date', pattern: CIVIL_DATE, example: '1990-01-01' })
  birthdate: string;

  @ApiProperty({ description: '性別 (OQSCD007)', enum: ['1', '2', '3'], example: '1' })
  sex1: string;

  @ApiProperty({ description: '住民票住所', example: '福岡県福岡市博多区博多駅前８丁目８番８号' })
  address: string;

  @ApiProperty({ description: '郵便番号', example: '812-0011' })
  postNumber: string;
}

/** `GET /v1/enrollments/{enrollmentId}/candidates`: as the registry says at this moment. */
export class EnrollmentCandidates {
  @ApiProperty({ type: [EnrollmentCandidate] })
  candidates: EnrollmentCandidate[];
}

/** What one of the two reviewers decides. */
export class EnrollmentReviewRequest {
  @ApiProperty({
    description: 'register: it is this person; return: the employer files again',
    enum: REVIEW_DECISIONS,
    example: 'register',
  })
  decision: ReviewDecision;

  @ApiPropertyOptional({ ...personRef, description: 'Needed to register: which of the candidates it is' })
  personRef?: string;

  @ApiProperty(reason)
  reason: string;
}

/** What somebody decided. */
export class EnrollmentReview {
  @ApiProperty({ description: '`act.sub` of whoever decided', maxLength: 200, example: 'staff-17' })
  reviewer: string;

  @ApiProperty({ enum: REVIEW_DECISIONS, description: 'What they decided', example: 'register' })
  decision: ReviewDecision;

  @ApiPropertyOptional(personRef)
  personRef?: string;

  @ApiProperty(reason)
  reason: string;

  @ApiProperty({
    description: 'When',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T11:00:00.123+09:00',
  })
  at: string;
}
