import type { ImportEncoding, ProblemError } from '@app/contracts';
import { isAscii, isUtf8 } from 'node:buffer';

import { readRow } from './csv-rows.js';

/** The columns of an import, and what each is called in Japanese. */
const COLUMNS = {
  kind: '届出区分',
  qualificationId: '資格ID',
  qualificationDate: '資格取得年月日',
  effectiveDate: '変更年月日',
  name: '氏名',
  nameKana: 'カナ氏名',
  birthdate: '生年月日',
  sex1: '性別',
  address: '住所',
  postNumber: '郵便番号',
  nameOfOther: '通称名',
  insuredCardSymbol: '記号',
  insuredIdentificationNumber: '番号',
  insuredBranchNumber: '枝番',
  personalFamilyClassification: '本人家族区分',
  insuredName: '被保険者氏名',
  standardMonthlyRemuneration: '標準報酬月額',
} as const;

export type ImportColumn = keyof typeof COLUMNS;

/** Of a file with changes: which coverage each is about. */
const OF_CHANGES: readonly ImportColumn[] = ['kind', 'qualificationId'];

/** Of any other: without one of these every row would be refused. */
const NEEDED: readonly ImportColumn[] = [
  'kind',
  'qualificationDate',
  'name',
  'nameKana',
  'birthdate',
  'sex1',
  'insuredIdentificationNumber',
];

const BY_NAME: ReadonlyMap<string, ImportColumn> = new Map(
  Object.entries(COLUMNS).flatMap(([column, japanese]) =>
    [column, japanese].map((name): [string, ImportColumn] => [name, column as ImportColumn]),
  ),
);

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Text of bytes as they were declared; undefined where they are none. Nothing is replaced. */
export type ReadText = (bytes: Uint8Array) => string | undefined;

/** `shift_jis` is what Windows calls so (①, 髙, ～), by the Encoding Standard. */
export const textReader = (encoding: ImportEncoding): ReadText => {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
};

/** The first line of an import. */
export interface ImportHeader {
  readonly columns: readonly ImportColumn[];
  /** Bytes up to the first row. */
  readonly bytes: number;
  readonly lines: number;
}

/** Reads the first line of a whole file. Says what is wrong with it, without a word of it: what is no name of a column may be somebody's. */
export const readHeader = (bytes: Uint8Array, encoding: ImportEncoding): ImportHeader | { errors: ProblemError[] } => {
  // Bytes of UTF-8 are nearly always characters of Shift_JIS too, others; hardly ever is it the other way round.
  if (encoding === 'shift_jis' && isUtf8(bytes) && !isAscii(bytes))
    return { errors: [{ pointer: '', code: 'encoding', detail: 'is declared Shift_JIS and is UTF-8' }] };
  const isMarked = encoding === 'utf-8' && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
  const row = readRow(bytes, isMarked ? BYTE_ORDER_MARK.length : 0, true);
  if (row.kind !== 'row')
    return {
      errors: [{ pointer: '/columns', code: 'quotes', detail: 'The quotes of the first line do not fit together.' }],
    };
  const text = textReader(encoding);
  const columns: ImportColumn[] = [];
  const errors: ProblemError[] = [];
  for (const [i, cell] of row.cells.entries()) {
    const column = BY_NAME.get(text(cell)?.trim() ?? '');
    const pointer = `/columns/${i}`;
    if (column === undefined)
      errors.push({ pointer, code: 'unknown-field', detail: `column ${i + 1} has none of the documented names` });
    else if (columns.includes(column))
      errors.push({ pointer, code: 'unique', detail: `column ${i + 1} (${column}) stands before it already` });
    else columns.push(column);
  }
  for (const column of columns.includes('qualificationId') ? OF_CHANGES : NEEDED)
    if (!columns.includes(column))
      errors.push({ pointer: '/columns', code: 'required', detail: `${column} is missing` });
  return errors.length > 0 ? { errors } : { columns, bytes: row.end, lines: row.lines };
};
