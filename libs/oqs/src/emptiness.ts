import type { AnyElement, Cardinality } from './description.js';

/** No value: neither text nor item. `null` is a value, and a wrong one. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const isHollow = (value: unknown): boolean =>
  isNothing(value) ||
  (Array.isArray(value) && value.every(isHollow)) ||
  (isPlain(value) && Object.values(value).every(isHollow));

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** What may be absent and holds nothing, however deep, is not written. */
export const isLeftOut = (element: AnyElement, cardinality: Cardinality, value: unknown): boolean =>
  (cardinality === 'optional' || cardinality === 'many') &&
  (element.kind === 'leaf' ? isNothing(value) : isHollow(value));
