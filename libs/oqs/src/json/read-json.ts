import type { AnyGroup, AnyPart } from '../description.js';
import { malformation } from '../faults.js';
import { GroupBuilder } from '../group-builder.js';
import { KINDS, type Kind } from '../kinds.js';
import { readingOf, type Reading, type Unknown } from '../reading.js';

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a message of the web API, already parsed: `{ XmlMsg: { MessageHeader, MessageBody } }`. `null` is absent, as empty is. */
export const readJson = <K extends Kind>(kind: K, json: unknown): Reading<K> => {
  const root = KINDS[kind].message;
  const tree = isObject(json) ? json[root.name] : undefined;
  if (!isObject(tree)) return { outcome: 'malformed', fault: malformation('not-a-message') };
  const unknown: Unknown[] = [];
  const builder = new GroupBuilder(root, '');
  fill(builder, tree, unknown);
  const { value, faults } = builder.close();
  return readingOf(value, faults, { encoding: 'utf-8', unknown });
};

const UNKNOWN_MAX = 50;

const fill = (builder: GroupBuilder, tree: JsonObject, unknown: Unknown[]): void => {
  for (const [name, value] of Object.entries(tree)) {
    if (value === null || value === undefined) continue;
    const part = builder.part(name);
    if (part !== undefined) add(builder, part, value, unknown);
    else if (unknown.length < UNKNOWN_MAX)
      unknown.push({ path: `${builder.path}/${name}`, text: typeof value === 'string' ? value.slice(0, 200) : '' });
  }
};

const add = (builder: GroupBuilder, part: AnyPart, value: unknown, unknown: Unknown[]): void => {
  const { element } = part;
  const isRepeated = part.cardinality === 'some' || part.cardinality === 'many';
  if (isRepeated && Array.isArray(value)) {
    for (const one of value as unknown[]) add(builder, part, one, unknown);
  } else if (element.kind === 'leaf') {
    if (typeof value === 'string') builder.addLeaf({ ...part, element }, value);
    else builder.complainOfStructure(element, builder.pathOf(part));
  } else {
    const inner = new GroupBuilder(element, builder.pathOf(part));
    const tree = element.jsonList === undefined ? value : unwrapped(element, value);
    if (!isObject(tree)) {
      builder.complainOfStructure(element, builder.pathOf(part));
      return;
    }
    fill(inner, tree, unknown);
    builder.addGroup(part, inner);
  }
};

/** An array of `{ item: … }`, of the items themselves, or the wrapper as XML has it: all become the last. */
const unwrapped = (wrapper: AnyGroup, value: unknown): unknown => {
  const item = wrapper.parts[0]?.element.name;
  if (item === undefined || !Array.isArray(value)) return value;
  return { [item]: value.map((one: unknown) => (isObject(one) && isObject(one[item]) ? one[item] : one)) };
};
