import {
  CHANGE_KINDS,
  type EnrollmentFiling,
  type ImportEncoding,
  type ProblemError,
  type QualificationChangeRow,
} from '@app/contracts';

import { textReader, type ImportColumn } from './import-columns.js';
import { dayOfCell } from './import-day.js';

const OF_PERSON: ReadonlySet<ImportColumn> = new Set([
  'name',
  'nameKana',
  'birthdate',
  'sex1',
  'address',
  'postNumber',
  'nameOfOther',
]);
const DAYS: ReadonlySet<ImportColumn> = new Set(['qualificationDate', 'effectiveDate', 'birthdate']);
const AMOUNT = /^\d{1,9}$/;

/** What a row says, or why it says nothing. Pointers name columns. */
export type RowRead =
  | { readonly kind: 'enrollment'; readonly filing: EnrollmentFiling }
  | { readonly kind: 'change'; readonly filing: QualificationChangeRow }
  | { readonly errors: readonly ProblemError[] };

export type RowKind = Extract<RowRead, { readonly kind: string }>['kind'];

/** A pointer into a filing as the column it came from. */
export const columnOf = (pointer: string): string => pointer.replace(/^\/person(?=\/)/, '');

/** Makes filings of rows: not looked at yet, but for what a filing in JSON could not have. An empty cell is absent. */
export const rowReader = (
  columns: readonly ImportColumn[],
  encoding: ImportEncoding,
): ((cells: readonly Uint8Array[]) => RowRead) => {
  const text = textReader(encoding);
  return (cells) => {
    if (cells.length !== columns.length)
      return {
        errors: [
          { pointer: '', code: 'cells', detail: `has ${cells.length} cells, and the first line ${columns.length}` },
        ],
      };
    const errors: ProblemError[] = [];
    const filing: Record<string, unknown> = {};
    const person: Record<string, unknown> = {};
    for (const [i, column] of columns.entries()) {
      const value = valueOf(column, text(cells[i] as Uint8Array));
      if ('code' in value) errors.push({ pointer: `/${column}`, ...value });
      else if (value.is !== '') (OF_PERSON.has(column) ? person : filing)[column] = value.is;
    }
    if (errors.length > 0) return { errors };
    if (!(CHANGE_KINDS as readonly unknown[]).includes(filing['kind']))
      return { kind: 'enrollment', filing: { ...filing, person } as unknown as EnrollmentFiling };
    const changed = Object.keys(person).length === 0 ? filing : { ...filing, person };
    return { kind: 'change', filing: changed as unknown as QualificationChangeRow };
  };
};

const valueOf = (
  column: ImportColumn,
  cell: string | undefined,
): { readonly is: string | number } | Omit<ProblemError, 'pointer'> => {
  if (cell === undefined)
    return { code: 'encoding', detail: 'holds bytes that are no character of the encoding that was declared' };
  if (column === 'standardMonthlyRemuneration' && AMOUNT.test(cell)) return { is: Number(cell) };
  if (!DAYS.has(column)) return { is: cell };
  const day = dayOfCell(cell);
  return day === undefined ? { code: 'format', detail: 'is not a day of that era' } : { is: day };
};
