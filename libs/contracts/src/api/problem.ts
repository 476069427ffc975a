import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { problemCodes } from '../problems.js';
import { ClerkText } from './eligibility-answer.js';
import { CIVIL_DATE } from './patterns.js';

/** One thing wrong with the input. */
export class ProblemError {
  @ApiProperty({
    description: 'JSON pointer into the body (RFC 6901), or `#header/Name`, `#query/name`',
    maxLength: 200,
    example: '/insured/birthdate',
  })
  pointer: string;

  @ApiProperty({ description: 'Stable code', maxLength: 60, example: 'format' })
  code: string;

  @ApiProperty({
    description: 'What is expected there; never what was sent',
    maxLength: 500,
    example: 'must be a date as YYYY-MM-DD',
  })
  detail: string;
}

/** What the clerk can go by today when no answer can be given: 保発0710第1号 (2023-07-10) and what followed it. */
export class FallbackDocument {
  @ApiProperty({ description: 'Stable code', maxLength: 60, example: 'card-with-qualification-notice' })
  code: string;

  @ApiProperty({ description: 'What the document is called', type: ClerkText })
  name: ClerkText;

  @ApiProperty({ description: 'What the clerk asks for or says', type: ClerkText })
  clerk: ClerkText;

  @ApiProperty({
    description: 'Whether the visit is insured with it; when not, the full charge is paid back later (療養費)',
    example: true,
  })
  insured: boolean;
}

/** What the clerk asks for while no answer can be given. */
export class Fallback {
  @ApiProperty({
    description: 'Day of the visit these are for: the service date, or today where none was read',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  date: string;

  @ApiProperty({
    description: 'In the order in which to try them; any one is enough',
    type: [FallbackDocument],
    maxItems: 20,
  })
  documents: FallbackDocument[];
}

/** RFC 9457 problem details, `application/problem+json`. */
export class Problem {
  @ApiProperty({
    description: 'Page of the documentation for this problem',
    format: 'uri-reference',
    maxLength: 200,
    example: '/docs/errors#answer-unavailable',
  })
  type: string;

  @ApiProperty({
    description: 'What the code means, in a few words',
    maxLength: 200,
    example: 'The answer cannot be given now',
  })
  title: string;

  @ApiProperty({ description: 'HTTP status', type: 'integer', minimum: 400, maximum: 599, example: 503 })
  status: number;

  @ApiPropertyOptional({
    description: 'About this occurrence; never what was sent',
    maxLength: 500,
    example: 'The registry did not answer within its deadline.',
  })
  detail?: string;

  @ApiProperty({
    description: 'Stable code; never changes its meaning',
    enum: problemCodes,
    example: 'answer-unavailable',
  })
  code: string;

  @ApiProperty({
    description: 'Names this occurrence in our logs',
    maxLength: 100,
    example: 'urn:uuid:0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  instance: string;

  @ApiPropertyOptional({ type: [ProblemError], maxItems: 100 })
  errors?: ProblemError[];

  @ApiProperty({ description: 'Whether the same request may succeed later', example: true })
  retryable: boolean;

  @ApiPropertyOptional({ description: 'Present where a clerk sees it', type: ClerkText })
  clerk?: ClerkText;

  @ApiPropertyOptional({
    description:
      'Present wherever a clerk may be left without an answer: answer-unavailable, internal-error, and every 503 but those of lists, of documents and of operators',
    type: Fallback,
  })
  fallback?: Fallback;
}
