import type { Client } from 'pg';

/** What those who were written for a schema rely on. */
export interface Schema {
  readonly columns: ReadonlyMap<string, { type: string; required: boolean }>;
  readonly functions: ReadonlySet<string>;
  readonly grants: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

const COLUMNS = `
  select format('%s.%s', c.relname, a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' as required
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and a.attnum > 0 and not a.attisdropped and c.relname <> 'migrations'`;
const FUNCTIONS = `
  select format('%s returns %s', p.oid::regprocedure, pg_get_function_result(p.oid)) as name from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
    and not exists (select from pg_depend where objid = p.oid and deptype = 'e')`;
const GRANTS = `
  select format('%s may %s %s', grantee, privilege_type, table_name) as name from information_schema.role_table_grants
  where table_schema = 'public' and table_name <> 'migrations' and grantee in ('shikaku_counter', 'shikaku_office')
    and table_name not in (select relname from pg_class where relispartition)
  union select format('%s may call %s', grantee, specific_name) from information_schema.role_routine_grants
  where specific_schema = 'public' and grantee in ('shikaku_counter', 'shikaku_office')`;
const constraints = (kinds: string): string => `
  select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid)) as name from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = 'public'::regnamespace and not c.relispartition and k.contype in (${kinds}) and conrelid <> 'migrations'::regclass`;
const UNIQUE_INDEXES = `
  select format('%s %s', i.indrelid::regclass, pg_get_indexdef(i.indexrelid)) as name from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and c.relnamespace = 'public'::regnamespace and not c.relispartition
    and not exists (select from pg_constraint where conindid = i.indexrelid) and c.relname <> 'migrations'`;

export const schemaOf = async (client: Client): Promise<Schema> => {
  const names = async (sql: string): Promise<ReadonlySet<string>> =>
    new Set((await client.query<{ name: string }>(sql)).rows.map(({ name }) => name));
  const { rows } = await client.query<{ name: string; type: string; required: boolean }>(COLUMNS);
  return {
    columns: new Map(rows.map(({ name, ...column }) => [name, column])),
    functions: await names(FUNCTIONS),
    // The suffix of a routine's specific name is its number in the catalogue, which making it anew changes.
    grants: new Set([...(await names(GRANTS))].map((grant) => grant.replace(/_\d+$/, ''))),
    checks: await names(constraints(`'c', 'x', 'f'`)),
    keys: new Set([...(await names(constraints(`'p', 'u'`))), ...(await names(UNIQUE_INDEXES))]),
  };
};

const LIST = /^(?<before>.* = ANY \(\(?ARRAY\[)(?<values>.*)(?<after>\].*)$/;

/** The same check, of a list that has grown. */
const isLooser = (newer: string, older: string): boolean => {
  const [now, then] = [LIST.exec(newer)?.groups, LIST.exec(older)?.groups];
  if (now === undefined || then === undefined || now['before'] !== then['before'] || now['after'] !== then['after'])
    return false;
  const values = new Set(now['values']?.split(', '));
  return then['values']?.split(', ').every((value) => values.has(value)) === true;
};

/**
 * What the older code could do on its schema and can no longer do on the newer one, each in a sentence; nothing where both may run
 * side by side.
 */
export const broken = (older: Schema, newer: Schema): string[] => {
  const found: string[] = [];
  const tables = new Set([...older.columns.keys()].map((name) => name.split('.')[0]));
  for (const [name, { type, required }] of older.columns) {
    const now = newer.columns.get(name);
    if (now === undefined) found.push(`column ${name} is gone or has another name`);
    else if (now.type !== type) found.push(`column ${name} was ${type} and is ${now.type}`);
    else if (now.required && !required) found.push(`column ${name} has to be given now`);
  }
  for (const [name, { required }] of newer.columns)
    if (required && !older.columns.has(name) && tables.has(name.split('.')[0]))
      found.push(`column ${name} is new, and older code does not give it`);
  for (const name of older.functions) if (!newer.functions.has(name)) found.push(`function ${name} is gone`);
  for (const name of older.grants) if (!newer.grants.has(name)) found.push(`no longer: ${name}`);
  for (const name of newer.checks)
    if (
      !older.checks.has(name) &&
      tables.has(name.split(' ')[0]) &&
      ![...older.checks].some((old) => isLooser(name, old))
    )
      found.push(`older rows may not keep: ${name}`);
  // ON CONFLICT names them.
  for (const name of older.keys) if (!newer.keys.has(name)) found.push(`key is gone: ${name}`);
  for (const name of newer.keys)
    if (!older.keys.has(name) && tables.has(name.split(' ')[0])) found.push(`older rows may not keep: ${name}`);
  return found;
};
