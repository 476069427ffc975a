/**
 * What of a changed OpenAPI document would break a caller of the one before. Requests may be widened and answers narrowed, never the
 * other way round. An unknown field of a request is refused here, so a field that goes away breaks whoever sends it.
 */

type Json = Record<string, any>;
export interface ApiDocument {
  readonly paths: Json;
  readonly components?: Json;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
/** Of more than one, the side is whose words they are. */
type Side = 'request' | 'answer';

/**
 * Members of answers whose list of values is open: callers are told to expect new ones (docs/versioning.md). A new value anywhere else
 * breaks whoever decides by it.
 */
const OPEN_VALUES: ReadonlySet<string> = new Set(['code', 'reason', 'what']);

/** One sentence for each change that breaks somebody. */
export const breakingChanges = (before: ApiDocument, after: ApiDocument): string[] => {
  const comparing = new Comparing(before, after);
  for (const [path, item] of Object.entries(before.paths)) {
    for (const method of METHODS) {
      const operation = (item as Json)[method] as Json | undefined;
      if (operation === undefined) continue;
      const at = `${method.toUpperCase()} ${path}`;
      const now = (after.paths[path] as Json | undefined)?.[method] as Json | undefined;
      if (now === undefined) comparing.say(at, 'is gone');
      else comparing.operation(at, operation, now);
    }
  }
  return comparing.found;
};

class Comparing {
  readonly found: string[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly before: ApiDocument,
    private readonly after: ApiDocument,
  ) {}

  say(at: string, what: string): void {
    this.found.push(`${at}: ${what}`);
  }

  operation(at: string, before: Json, after: Json): void {
    this.parameters(at, before, after);
    const [body, bodyNow] = [before['requestBody'] as Json | undefined, after['requestBody'] as Json | undefined];
    if (bodyNow?.['required'] === true && body?.['required'] !== true) this.say(at, 'a body is required now');
    this.content(`${at} body`, body?.['content'] as Json, bodyNow?.['content'] as Json, 'request');
    const scopes = (operation: Json): string[] =>
      ((operation['security'] ?? []) as Json[]).flatMap((one) => Object.values(one).flat() as string[]);
    for (const scope of scopes(after)) if (!scopes(before).includes(scope)) this.say(at, `needs ${scope} now`);
    for (const [status, response] of Object.entries((before['responses'] ?? {}) as Json)) {
      const now = (after['responses'] as Json)[status] as Json | undefined;
      // Which problems there may be is the catalogue's to say; a success that is gone is a different answer.
      if (now === undefined) {
        if (status.startsWith('2')) this.say(at, `${status} is gone`);
        continue;
      }
      this.content(`${at} ${status}`, (response as Json)['content'] as Json, now['content'] as Json, 'answer');
    }
  }

  private parameters(at: string, before: Json, after: Json): void {
    const of = (operation: Json): Map<string, Json> =>
      new Map(((operation['parameters'] ?? []) as Json[]).map((one) => [`${one['in']} ${one['name']}`, one]));
    const [earlier, later] = [of(before), of(after)];
    for (const [name, parameter] of earlier) {
      const now = later.get(name);
      if (now === undefined) this.say(at, `${name} is gone`);
      else this.schema(`${at} ${name}`, parameter['schema'] as Json, now['schema'] as Json, 'request');
    }
    for (const [name, parameter] of later)
      if (parameter['required'] === true && earlier.get(name)?.['required'] !== true)
        this.say(at, `${name} is required now`);
  }

  private content(at: string, before: Json | undefined, after: Json | undefined, side: Side): void {
    for (const [type, media] of Object.entries(before ?? {})) {
      const now = after?.[type] as Json | undefined;
      if (now === undefined) this.say(at, `${type} is gone`);
      else this.schema(`${at} ${type}`, (media as Json)['schema'] as Json, now['schema'] as Json, side);
    }
  }

  private schema(at: string, before: Json | undefined, after: Json | undefined, side: Side): void {
    if (before === undefined || after === undefined) {
      if (before !== after) this.say(at, 'has a schema on one side only');
      return;
    }
    const key = JSON.stringify([side, before['$ref'] ?? at, after['$ref'] ?? at]);
    if ((before['$ref'] ?? after['$ref']) !== undefined) {
      if (this.seen.has(key)) return;
      this.seen.add(key);
    }
    const [was, is] = [resolved(before, this.before), resolved(after, this.after)];
    const name = (before['$ref'] as string | undefined)?.split('/').at(-1);
    const here = name === undefined ? at : `${side} ${name}`;
    this.types(here, was, is, side);
    this.values(here, was, is, side);
    this.bounds(here, was, is, side);
    this.members(here, was, is, side);
    this.schemaIfAny(`${here}[]`, was['items'] as Json, is['items'] as Json, side);
    for (const choice of ['oneOf', 'anyOf', 'allOf'] as const)
      this.choices(`${here} ${choice}`, (was[choice] ?? []) as Json[], (is[choice] ?? []) as Json[], side, choice);
  }

  private schemaIfAny(at: string, before: Json | undefined, after: Json | undefined, side: Side): void {
    if (before !== undefined && after !== undefined) this.schema(at, before, after, side);
  }

  private types(at: string, was: Json, is: Json, side: Side): void {
    const [earlier, later] = [typesOf(was), typesOf(is)];
    const narrower = side === 'request' ? earlier : later;
    const wider = side === 'request' ? later : earlier;
    if (
      wider.length > 0 &&
      !narrower.every((type) => wider.includes(type) || (type === 'integer' && wider.includes('number')))
    )
      this.say(at, `was ${earlier.join('|')} and is ${later.join('|')}`);
    if (was['format'] !== is['format'] && (side === 'answer' ? was : is)['format'] !== undefined)
      this.say(at, `format was ${was['format'] ?? 'any'} and is ${is['format'] ?? 'any'}`);
  }

  private values(at: string, was: Json, is: Json, side: Side): void {
    const [earlier, later] = [was['enum'] as unknown[] | undefined, is['enum'] as unknown[] | undefined];
    const fewer = side === 'request' ? later : earlier;
    const more = side === 'request' ? earlier : later;
    if (fewer === undefined) return;
    if (side === 'answer' && OPEN_VALUES.has(at.split('.').at(-1) ?? '')) return;
    if (more === undefined) this.say(at, side === 'request' ? 'takes only some values now' : 'may be any value now');
    else
      for (const value of more)
        if (!fewer.includes(value))
          this.say(at, `${JSON.stringify(value)} ${side === 'request' ? 'is not taken any more' : 'is new'}`);
  }

  private bounds(at: string, was: Json, is: Json, side: Side): void {
    for (const bound of [
      'maxLength',
      'maxItems',
      'maximum',
      'exclusiveMaximum',
      'minLength',
      'minItems',
      'minimum',
      'exclusiveMinimum',
    ]) {
      const sign = bound.toLowerCase().includes('max') ? 1 : -1;
      const [earlier, later] = [was, is].map(
        (schema) => ((schema[bound] as number | undefined) ?? sign * Number.POSITIVE_INFINITY) * sign,
      );
      const isTighter = (later as number) < (earlier as number);
      if (side === 'request' ? isTighter : (later as number) > (earlier as number))
        this.say(at, `${bound} was ${was[bound] ?? 'none'} and is ${is[bound] ?? 'none'}`);
    }
    const pattern = (side === 'request' ? is : was)['pattern'] as string | undefined;
    if (pattern !== undefined && was['pattern'] !== is['pattern']) this.say(at, 'another pattern');
  }

  private members(at: string, was: Json, is: Json, side: Side): void {
    const [earlier, later] = [(was['properties'] ?? {}) as Json, (is['properties'] ?? {}) as Json];
    const required = (schema: Json): string[] => (schema['required'] ?? []) as string[];
    for (const [name, member] of Object.entries(earlier)) {
      const now = later[name] as Json | undefined;
      if (now === undefined) this.say(`${at}.${name}`, 'is gone');
      else this.schema(`${at}.${name}`, member as Json, now, side);
    }
    const [weaker, stronger] = side === 'request' ? [was, is] : [is, was];
    for (const name of required(stronger))
      if (!required(weaker).includes(name) && name in (side === 'request' ? later : { ...later }))
        this.say(`${at}.${name}`, side === 'request' ? 'is required now' : 'may be absent now');
  }

  private choices(at: string, was: Json[], is: Json[], side: Side, choice: string): void {
    const nameOf = (one: Json, i: number): string => (one['$ref'] as string | undefined) ?? String(i);
    const later = new Map(is.map((one, i) => [nameOf(one, i), one]));
    const earlier = new Map(was.map((one, i) => [nameOf(one, i), one]));
    for (const [name, one] of earlier) {
      const now = later.get(name);
      if (now !== undefined) this.schema(`${at} ${name}`, one, now, side);
      else if (side === 'request' || choice === 'allOf') this.say(at, `${name} is gone`);
    }
    if (side === 'answer' && choice !== 'allOf')
      for (const name of later.keys()) if (!earlier.has(name) && earlier.size > 0) this.say(at, `${name} is new`);
  }
}

const typesOf = ({ type }: Json): string[] => (type === undefined ? [] : ([type].flat() as string[]));

const resolved = (schema: Json, document: ApiDocument): Json => {
  const ref = schema['$ref'] as string | undefined;
  if (ref === undefined) return schema;
  const found = ref
    .slice(2)
    .split('/')
    .reduce<Json>((part, name) => (part[name] ?? {}) as Json, document as unknown as Json);
  return resolved(found, document);
};
