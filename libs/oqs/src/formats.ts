import { canonicalInsurerNumber, oqsCodeListOf, toEightColumns, type InsurerNumber } from '@app/domain';

/** What a leaf may hold. All leaves are text, in JSON too. */
export interface Format {
  readonly name: string;
  /** Its rule in Japanese, for whoever wrote the message. */
  readonly ja: string;
  /** A regular expression that JavaScript, XSD and JSON Schema read alike; it holds for the whole text. */
  readonly pattern?: string;
  /** In characters. */
  readonly maxLength?: number;
  readonly codes?: Codes;
  /** Full-width digits and letters are read as half-width ones. */
  readonly narrow?: true;
  /** Blanks around it belong to it, and it is written back as it was. */
  readonly verbatim?: true;
  /** A day that the calendar has, in the digits `YYYYMMDD` at its beginning. */
  readonly day?: true;
  /** The one writing of a value that has several; the text itself where it is no such value. */
  readonly canonical?: (text: string) => string;
  /** How the value is written in XML and in JSON, where that differs from how it is kept. */
  readonly inXml?: (value: string) => string;
  readonly inJson?: (value: string) => string;
}

interface Codes {
  /** 別紙5-1, as public clients transcribe it. */
  readonly list: string;
  /** Code and meaning, by code. */
  readonly meanings: readonly (readonly [code: string, meaning: string])[];
}

export const text: Format = { name: 'text', ja: '文字列' };

export const textUpTo = (maxLength: number): Format => ({
  name: `text${maxLength}`,
  ja: `${maxLength}文字以内`,
  maxLength,
});

/** Echoed to the letter. */
export const identifier: Format = { name: 'identifier', ja: '50文字以内', maxLength: 50, verbatim: true };

export const digits = (length: number): Format => ({
  name: `digits${length}`,
  ja: `${length}桁の数字`,
  pattern: `[0-9]{${length}}`,
  narrow: true,
});

export const upToDigits = (length: number): Format => ({
  name: `upToDigits${length}`,
  ja: `${length}桁以内の数字`,
  pattern: `[0-9]{1,${length}}`,
  narrow: true,
});

export const count: Format = { name: 'count', ja: '数字', pattern: '[0-9]+', narrow: true };

const DAY = '[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])';

/** `YYYYMMDD`. */
export const date: Format = { name: 'date', ja: '西暦の年月日8桁（YYYYMMDD）', pattern: DAY, narrow: true, day: true };

/** `YYYYMMDDhhmmss`, Japanese time. */
export const dateTime: Format = {
  name: 'dateTime',
  ja: '西暦の年月日時分秒14桁（YYYYMMDDhhmmss）',
  pattern: `${DAY}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]`,
  narrow: true,
  day: true,
};

/** `YYYYMM`. */
export const month: Format = {
  name: 'month',
  ja: '西暦の年月6桁（YYYYMM）',
  pattern: '[0-9]{4}(0[1-9]|1[0-2])',
  narrow: true,
};

/** `123-4567`. */
export const postNumber: Format = {
  name: 'postNumber',
  ja: '郵便番号（123-4567）',
  pattern: '[0-9]{3}-?[0-9]{4}',
  narrow: true,
};

/**
 * Six digits bare, with blanks on the left, or zero-padded to eight are one number. Kept without padding; XML has it in eight
 * columns, blanks on the left, JSON zero-padded.
 */
export const insurerNumber: Format = {
  name: 'insurerNumber',
  ja: '8桁の数字（国保は6桁、左に空白を補って8桁）',
  pattern: ' *([0-9]{6}|[0-9]{8})',
  narrow: true,
  canonical: (text) => {
    const parsed = canonicalInsurerNumber(text);
    return parsed.ok ? parsed.value : text;
  },
  inXml: (value) => toEightColumns(value as InsurerNumber),
  inJson: (value) => value.padStart(8, '0'),
};

/** The codes of an element that the domain lists; `only` narrows them. */
export const codeOf = (element: string, only?: readonly string[]): Format => {
  const found = oqsCodeListOf(element);
  if (found === undefined) throw new RangeError(`no code list for ${element}`);
  return codes(found.list, found.codes, only);
};

/** Codes that no rule uses; the domain does not know them. */
export const codes = (list: string, all: Readonly<Record<string, string>>, only?: readonly string[]): Format => {
  const meanings = Object.entries(all)
    .filter(([code]) => only?.includes(code) ?? true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const allowed = meanings.map(([code]) => code);
  return {
    name: [list, ...(only ?? [])].join('_'),
    ja: `コード（${allowed.join('、')}）`,
    pattern: allowed.join('|'),
    codes: { list, meanings },
    narrow: true,
  };
};
