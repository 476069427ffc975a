import { parseCivilDate, parseYearMonth, type CivilDate, type YearMonth } from '../calendar/index.js';
import type { RuleError, RuleErrorCode } from './result.js';

/*
 * Readers of untrusted input. Every field is named; an unknown one is refused, since a field that is silently ignored is an
 * answer to another question. `null` is absent. Values are never repeated in an error: they may be personal.
 */
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: RuleError[] };

/** What a reader reads, as JSON Schema. */
export interface InputSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | null)[];
  readonly format?: 'date';
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: InputSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly anyOf?: readonly InputSchema[];
}

export interface Reader<T> {
  (value: unknown, pointer: string): Read<T>;
  readonly schema: InputSchema;
  /** The field may be left out. */
  readonly mayBeAbsent?: true;
}

const bad = (pointer: string, code: RuleErrorCode, detail: string): Extract<Read<unknown>, { readonly ok: false }> => ({
  ok: false,
  errors: [{ pointer, code, detail, kind: 'shape' }],
});

const absent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** A field that must be there. */
const needed = <T>(schema: InputSchema, read: (value: unknown, pointer: string) => Read<T>): Reader<T> =>
  Object.assign(
    (value: unknown, pointer: string): Read<T> =>
      absent(value) ? bad(pointer, 'required', `${pointer.slice(1)} is needed`) : read(value, pointer),
    { schema },
  );

export const text = (maxLength = 200): Reader<string> =>
  needed<string>({ type: 'string', maxLength }, (value, pointer) => {
    if (typeof value !== 'string') return bad(pointer, 'type', 'a string is expected');
    if (value.length > maxLength) return bad(pointer, 'out-of-range', `at most ${maxLength} characters`);
    return { ok: true, value };
  });

export const flag: Reader<boolean> = needed<boolean>({ type: 'boolean' }, (value, pointer) =>
  typeof value === 'boolean' ? { ok: true, value } : bad(pointer, 'type', 'true or false is expected'),
);

export const integer = (min: number, max: number): Reader<number> =>
  needed<number>({ type: 'integer', minimum: min, maximum: max }, (value, pointer) => {
    if (typeof value !== 'number') return bad(pointer, 'type', 'a number is expected');
    if (!Number.isInteger(value)) return bad(pointer, 'type', 'a whole number is expected');
    if (value < min || value > max) return bad(pointer, 'out-of-range', `${min} to ${max}`);
    return { ok: true, value };
  });

/** Integer yen, from 0 to a hundred thousand million. */
export const yen: Reader<number> = integer(0, 100_000_000_000);

export const day: Reader<CivilDate> = needed<CivilDate>({ type: 'string', format: 'date' }, (value, pointer) => {
  if (typeof value !== 'string') return bad(pointer, 'type', 'a date YYYY-MM-DD is expected');
  const parsed = parseCivilDate(value);
  if (parsed.ok) return parsed;
  if (parsed.reason === 'out-of-range') return bad(pointer, 'out-of-range', parsed.detail);
  return bad(pointer, 'format', 'a day of the calendar is expected, written YYYY-MM-DD');
});

export const month: Reader<YearMonth> = needed<YearMonth>(
  { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])$' },
  (value, pointer) => {
    if (typeof value !== 'string') return bad(pointer, 'type', 'a month YYYY-MM is expected');
    const parsed = parseYearMonth(value);
    return parsed.ok ? parsed : bad(pointer, parsed.reason, parsed.detail);
  },
);

export const oneOf = <const T extends string | number>(values: readonly T[]): Reader<T> =>
  needed<T>({ type: typeof values[0] === 'string' ? 'string' : 'integer', enum: values }, (value, pointer) => {
    const found = values.find((candidate) => candidate === value);
    return found === undefined
      ? bad(pointer, 'not-in-list', `one of ${values.join(', ')}`)
      : { ok: true, value: found };
  });

const orNull = ({ type, enum: values, ...rest }: InputSchema): InputSchema => ({
  ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
  ...(values === undefined ? {} : { enum: [...values, null] }),
  ...rest,
});

const absentAs = <T, A>(read: Reader<T>, whenAbsent: A): Reader<T | A> =>
  Object.assign(
    (value: unknown, pointer: string): Read<T | A> =>
      absent(value) ? { ok: true, value: whenAbsent } : read(value, pointer),
    { schema: orNull(read.schema), mayBeAbsent: true as const },
  );

/** Absent or `null` reads as undefined. */
export const optional = <T>(read: Reader<T>): Reader<T | undefined> => absentAs(read, undefined);

/** `null` is a value of its own; absent counts as `null`. */
export const nullable = <T>(read: Reader<T>): Reader<T | null> => absentAs(read, null);

export const listOf = <T>(read: Reader<T>, maxLength = 1000): Reader<readonly T[]> =>
  needed<readonly T[]>({ type: 'array', items: read.schema, maxItems: maxLength }, (value, pointer) => {
    if (!Array.isArray(value)) return bad(pointer, 'type', 'a list is expected');
    if (value.length > maxLength) return bad(pointer, 'out-of-range', `at most ${maxLength} entries`);
    const values: T[] = [];
    const errors: RuleError[] = [];
    for (const [at, entry] of value.entries()) {
      const one = read(entry, `${pointer}/${at}`);
      if (one.ok) values.push(one.value);
      else errors.push(...one.errors);
    }
    return errors.length > 0 ? { ok: false, errors } : { ok: true, value: values };
  });

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Optional<S extends Fields> = { [K in keyof S]: undefined extends Value<S[K]> ? K : never }[keyof S];
type Value<R> = R extends Reader<infer T> ? T : never;

/** What a record of readers reads: fields that may be undefined are left out when they are. */
export type Facts<S extends Fields> = {
  readonly [K in Exclude<keyof S, Optional<S>>]: Value<S[K]>;
} & { readonly [K in Optional<S>]?: Exclude<Value<S[K]>, undefined> };

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const schemaOf = (fields: Fields): InputSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema])),
  required: Object.entries(fields).flatMap(([key, { mayBeAbsent }]) => (mayBeAbsent === true ? [] : [key])),
  additionalProperties: false,
});

export const object = <const S extends Fields>(fields: S): Reader<Facts<S>> => {
  const read = (value: unknown, pointer: string): Read<Facts<S>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return bad(pointer, 'type', 'an object is expected');
    }
    const errors: RuleError[] = [];
    const facts: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) {
        errors.push({
          pointer: `${pointer}/${escapePointer(key)}`,
          code: 'unknown-field',
          detail: `known: ${Object.keys(fields).join(', ')}`,
          kind: 'shape',
        });
      }
    }
    for (const [key, read] of Object.entries(fields)) {
      const own = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      const one = read(own, `${pointer}/${key}`);
      if (!one.ok) errors.push(...one.errors);
      else if (one.value !== undefined) facts.push([key, one.value]);
    }
    return errors.length > 0 ? { ok: false, errors } : { ok: true, value: Object.fromEntries(facts) as Facts<S> };
  };
  return Object.assign(read, { schema: schemaOf(fields) });
};
