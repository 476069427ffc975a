import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { INSTANT, UUID } from './patterns.js';
import { ProblemError } from './problem.js';

export const IMPORT_STATES = ['queued', 'running', 'finished'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export const IMPORT_ENCODINGS = ['utf-8', 'shift_jis'] as const;
export type ImportEncoding = (typeof IMPORT_ENCODINGS)[number];

const instant = { format: 'date-time', pattern: INSTANT, example: '2026-11-22T10:00:00.123+09:00' } as const;
const uuid = { format: 'uuid', pattern: UUID, example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d' } as const;

/** What became of the rows that were seen so far. */
export class ImportCounts {
  @ApiProperty({ description: 'Rows seen; blank lines are none', type: 'integer', minimum: 0, example: 1_200 })
  rows: number;

  @ApiProperty({ description: 'Rows that were filed', type: 'integer', minimum: 0, example: 1_197 })
  filed: number;

  @ApiProperty({ description: 'Rows with something wrong in them', type: 'integer', minimum: 0, example: 3 })
  refused: number;
}

/** An import of filings, as it stands. */
export class EnrollmentImport {
  @ApiProperty({ description: 'UUIDv7 of the import', ...uuid })
  importId: string;

  @ApiProperty({
    description:
      'queued, running: goes on by itself, also after a crash; finished: every row has its outcome, and the file is erased',
    enum: IMPORT_STATES,
    example: 'running',
  })
  state: ImportState;

  @ApiProperty({ description: 'As it was declared', enum: IMPORT_ENCODINGS, example: 'shift_jis' })
  encoding: ImportEncoding;

  @ApiProperty({ description: 'When it was accepted: its rows are filed as of then', ...instant })
  receivedAt: string;

  @ApiProperty({ type: ImportCounts })
  counts: ImportCounts;

  @ApiPropertyOptional({ description: 'When it was finished', ...instant })
  endedAt?: string;
}

/** `GET /v1/enrollment-imports/{importId}/rows`. */
export class ImportRowsQuery {
  @ApiPropertyOptional({
    description: 'Rows to leave out at the beginning: how many outcomes the caller holds already',
    pattern: '^(0|[1-9]\\d{0,6})$',
    default: '0',
    example: '500',
  })
  from?: string;
}

/** What became of one row. */
export class ImportRow {
  @ApiProperty({
    description: 'Line of the file on which the row begins; the column names are on line 1',
    type: 'integer',
    minimum: 2,
    example: 17,
  })
  line: number;

  @ApiPropertyOptional({ description: 'The filing it became', ...uuid })
  enrollmentId?: string;

  @ApiPropertyOptional({
    description:
      'In place of it: what is wrong. `pointer` names the column, such as `/birthdate`, or nothing (the row as a whole). `code` is that of the same filing sent by itself, or quotes (they do not fit together), cells (more or fewer than the first line has), encoding (bytes that are no character)',
    type: [ProblemError],
  })
  errors?: ProblemError[];
}
