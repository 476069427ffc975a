import { problems, type ImportRow, type ProblemError } from '@app/contracts';

import type { Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { isBlank, readRow } from './csv-rows.js';
import type { FileChange } from './file-change.js';
import type { FileEnrollment } from './file-enrollment.js';
import type { NewFiling } from './filings.js';
import { columnOf, rowReader, type RowKind, type RowRead } from './import-row.js';
import type { DoneRows, Imports, NextRows } from './imports.js';

/** One transaction: so many are done again, at most, after a crash. */
const SLICE_ROWS = 100;
/** Holds a hundred rows of the usual length; where they are longer a slice has fewer. */
const SLICE_BYTES = 24 * 1024;
/** Of one row. */
const ERRORS_MAX = 20;

export interface WorkOnImportParts {
  readonly imports: Imports;
  readonly fileEnrollment: Pick<FileEnrollment, 'admit'>;
  readonly fileChange: Pick<FileChange, 'admit'>;
  /** What is wrong with the shape of a filing. */
  readonly faultsOf: Readonly<Record<RowKind, (filing: unknown) => readonly ProblemError[] | undefined>>;
  readonly clock: Clock;
}

/** Files the rows of an import, a slice after the other. Every step may be done again: after a crash, or by two at once. */
export class WorkOnImport {
  constructor(private readonly parts: WorkOnImportParts) {}

  /** Rejects with `FilingsUnavailable` while PostgreSQL is away, and when it is told to stop: it goes on where it was. */
  async of(importId: string, signal: AbortSignal): Promise<void> {
    const { imports, clock } = this.parts;
    for (let bytesMax = SLICE_BYTES; ;) {
      signal.throwIfAborted();
      const went = await imports.next(
        importId,
        bytesMax,
        (next) => this.slice(next),
        () => clock.now(),
      );
      if (went === 'ended') return;
      bytesMax = went === 'needs-more' ? bytesMax * 2 : SLICE_BYTES;
    }
  }

  private slice(next: NextRows): DoneRows | undefined {
    const read = rowReader(next.columns, next.encoding);
    const filings: NewFiling[] = [];
    const outcomes: string[] = [];
    let at = 0;
    let line = next.line;
    while (outcomes.length < SLICE_ROWS && at < next.bytes.length) {
      const row = readRow(next.bytes, at, next.isAll);
      if (row.kind === 'more') {
        if (at === 0) return undefined;
        break;
      }
      if (row.kind === 'broken' || !isBlank(row.cells)) {
        const made = row.kind === 'broken' ? BROKEN : this.filingOf(next, read(row.cells));
        if ('filing' in made) filings.push(made.filing);
        outcomes.push(outcomeOf(line, made));
      }
      at = row.end;
      line += row.lines;
    }
    return {
      bytes: at,
      lines: line - next.line,
      filings,
      outcomes: outcomes.join(''),
      counts: { rows: outcomes.length, filed: filings.length, refused: outcomes.length - filings.length },
    };
  }

  /** By the same questions as a filing that comes by itself. */
  private filingOf({ clientId, insurerNumber, receivedAt }: NextRows, read: RowRead): Made {
    if ('errors' in read) return read;
    const { fileEnrollment, fileChange, faultsOf } = this.parts;
    const faults = faultsOf[read.kind](read.filing);
    if (faults !== undefined) return { errors: faults };
    const filer = { clientId, insurerNumber };
    try {
      return {
        filing:
          read.kind === 'change'
            ? fileChange.admit(filer, read.filing, receivedAt)
            : fileEnrollment.admit(filer, read.filing, receivedAt),
      };
    } catch (error) {
      if (error instanceof ProblemException) return { errors: errorsOf(error) };
      throw error;
    }
  }
}

type Made = { readonly filing: NewFiling } | { readonly errors: readonly ProblemError[] };

const BROKEN: Made = {
  errors: [{ pointer: '', code: 'quotes', detail: 'its quotes do not fit together, or it is too long for a row' }],
};

/** Where a problem is about one field without saying so. */
const POINTERS: Readonly<Partial<Record<ProblemException['code'], string>>> = {
  'qualification-date-out-of-range': '/qualificationDate',
  'birthdate-in-future': '/birthdate',
};

const errorsOf = ({ code, details }: ProblemException): readonly ProblemError[] =>
  details.errors ?? [{ pointer: POINTERS[code] ?? '', code, detail: problems[code].vendor }];

const outcomeOf = (line: number, made: Made): string => {
  const outcome: ImportRow =
    'filing' in made
      ? { line, enrollmentId: made.filing.enrollmentId }
      : {
          line,
          errors: made.errors.slice(0, ERRORS_MAX).map((error) => ({ ...error, pointer: columnOf(error.pointer) })),
        };
  return `${JSON.stringify(outcome)}\n`;
};
