import { checkLeaf } from './check-leaf.js';
import type { AnyElement, AnyGroup, AnyPart, Leaf } from './description.js';
import { fault, type Fault, type Position } from './faults.js';

/** A value under construction; only described names are ever set. */
type Tree = { [name: string]: string | Tree | (string | Tree)[] };

/** More than anybody reads; a hostile message cannot fill the memory with complaints. */
const FAULTS_MAX = 100;

const PARTS = new WeakMap<AnyGroup, ReadonlyMap<string, AnyPart>>();

const partsOf = (group: AnyGroup): ReadonlyMap<string, AnyPart> => {
  let parts = PARTS.get(group);
  if (parts === undefined) {
    const named = group.parts.map((part) => [part.element.name, part] as const);
    const aliased = group.parts.flatMap((part) =>
      part.element.kind === 'leaf' ? (part.element.aliases ?? []).map((alias) => [alias, part] as const) : [],
    );
    PARTS.set(group, (parts = new Map([...aliased, ...named])));
  }
  return parts;
};

/** Puts a group together from what is found in it, in any order, and says what is wrong with it. */
export class GroupBuilder {
  readonly #value: Tree = {};
  readonly #faults: Fault[] = [];
  readonly #counts = new Map<string, number>();

  constructor(
    readonly group: AnyGroup,
    readonly path: string,
    readonly position?: Position,
  ) {}

  part(name: string): AnyPart | undefined {
    return partsOf(this.group).get(name);
  }

  /** The path of the next element of that name. */
  pathOf({ element, cardinality }: AnyPart): string {
    const inside = this.path === '' ? element.name : `${this.path}/${element.name}`;
    return isRepeated(cardinality) ? `${inside}[${(this.#counts.get(element.name) ?? 0) + 1}]` : inside;
  }

  addLeaf(part: AnyPart & { readonly element: Leaf }, text: string, position?: Position): void {
    const path = this.pathOf(part);
    const checked = checkLeaf(part.element, text);
    if (checked.kind === 'empty') return;
    if (checked.kind === 'fault') this.#complain(fault(checked.code, part.element, path, position, checked.ja));
    this.#put(part, checked.value, path, position);
  }

  /** A group that holds nothing is absent, unless it has to be there. */
  addGroup(part: AnyPart, built: GroupBuilder): void {
    const { value, faults, isEmpty } = built.close();
    if (isEmpty && part.cardinality !== 'required' && part.cardinality !== 'some' && part.cardinality !== 'many')
      return;
    for (const one of faults) this.#complain(one);
    this.#put(part, value, built.path, built.position);
  }

  /** An item that is handed on by itself counts as being there. */
  countItem({ element }: AnyPart): number {
    const seen = (this.#counts.get(element.name) ?? 0) + 1;
    this.#counts.set(element.name, seen);
    return seen;
  }

  complainOfStructure(element: AnyElement, path: string, position?: Position): void {
    this.#complain(fault('structure', element, path, position));
  }

  close(): { readonly value: Tree; readonly faults: Fault[]; readonly isEmpty: boolean } {
    const isEmpty = this.#counts.size === 0 && this.#faults.length === 0;
    for (const { element, cardinality } of this.group.parts) {
      const isThere = this.#counts.has(element.name);
      if (!isThere && (cardinality === 'required' || cardinality === 'some'))
        this.#complain(fault('missing', element, this.#inside(element.name), this.position));
      if (!isThere && isRepeated(cardinality)) this.#value[element.name] = [];
    }
    this.#checkOneOf();
    return { value: this.#value, faults: this.#faults, isEmpty };
  }

  #put({ element, cardinality }: AnyPart, value: string | Tree, path: string, position?: Position): void {
    const seen = this.#counts.get(element.name) ?? 0;
    this.#counts.set(element.name, seen + 1);
    const before = this.#value[element.name];
    if (isRepeated(cardinality)) {
      if (Array.isArray(before)) before.push(value);
      else this.#value[element.name] = [value];
    } else if (seen === 0) this.#value[element.name] = value;
    else if (!mergesLists(element, before, value)) this.#complain(fault('repeated', element, path, position));
  }

  #checkOneOf(): void {
    const sets = this.group.oneOf;
    if (sets === undefined) return;
    const touched = sets.filter((names) => names.some((name) => this.#counts.has(name)));
    const whole = sets.filter((names) => names.every((name) => this.#counts.has(name)));
    if (touched.length === 1 && whole.length === 1) return;
    const detail = sets.map((names) => names.join('と')).join('、又は');
    this.#complain(fault('one-of', this.group, this.path, this.position, detail));
  }

  #inside(name: string): string {
    return this.path === '' ? name : `${this.path}/${name}`;
  }

  #complain(one: Fault): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(one);
  }
}

const isRepeated = (cardinality: AnyPart['cardinality']): boolean => cardinality === 'some' || cardinality === 'many';

/** Nobody knows whether several results stand in one wrapper or in one each: both are read as one list. */
const mergesLists = (element: AnyElement, before: Tree[string] | undefined, value: string | Tree): boolean => {
  const only = element.kind === 'group' && element.parts.length === 1 ? element.parts[0] : undefined;
  if (only === undefined || !isRepeated(only.cardinality)) return false;
  if (typeof before !== 'object' || Array.isArray(before) || typeof value === 'string') return false;
  const into = before[only.element.name];
  const more = value[only.element.name];
  if (!Array.isArray(into) || !Array.isArray(more)) return false;
  into.push(...more);
  return true;
};
