import type { AnyGroup, AnyPart } from '../description.js';
import { isLeftOut, isNothing } from '../emptiness.js';
import { KINDS, type Kind, type MessageToWrite } from '../kinds.js';

export interface JsonTree {
  readonly [name: string]: string | JsonTree | readonly (string | JsonTree)[];
}

/** The message as the web API has it: every leaf is text, nothing is empty, lists are arrays. */
export const toJson = <K extends Kind>(kind: K, message: MessageToWrite<K>): { readonly XmlMsg: JsonTree } => {
  const root = KINDS[kind].message;
  return { XmlMsg: groupToJson(root, message, '') };
};

const groupToJson = (group: AnyGroup, value: object, path: string): JsonTree => {
  const tree: Record<string, JsonTree[string]> = {};
  for (const part of group.parts) {
    const written = partToJson(part, value, path === '' ? part.element.name : `${path}/${part.element.name}`);
    if (written !== undefined) tree[part.element.name] = written;
  }
  return tree;
};

const partToJson = ({ element, cardinality }: AnyPart, value: object, path: string): JsonTree[string] | undefined => {
  if (cardinality === 'tolerated') return undefined;
  // JSON is UTF-8.
  if (cardinality === 'filled') return '0';
  const given = (value as Readonly<Record<string, unknown>>)[element.name];
  if (isLeftOut(element, cardinality, given)) return undefined;
  if (isNothing(given)) throw new TypeError(`${path} has to be written`);
  if (Array.isArray(given)) return given.map((one: unknown) => elementToJson(element, one, path));
  const written = elementToJson(element, given, path);
  return element.kind === 'group' ? listed(element, written as JsonTree) : written;
};

const elementToJson = (element: AnyPart['element'], value: unknown, path: string): string | JsonTree => {
  if (element.kind === 'group') {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${path} is a group`);
    return groupToJson(element, value, path);
  }
  if (typeof value !== 'string') throw new TypeError(`${path} is text`);
  return element.format.inJson?.(value) ?? value;
};

/** A wrapper of repeated items is an array; without items it is absent. */
const listed = (group: AnyGroup, tree: JsonTree): JsonTree[string] | undefined => {
  const item = group.parts[0]?.element.name;
  if (group.jsonList === undefined || item === undefined) return tree;
  const items = tree[item] as readonly JsonTree[] | undefined;
  if (items === undefined) return undefined;
  return group.jsonList === 'bare' ? items : items.map((one) => ({ [item]: one }));
};
