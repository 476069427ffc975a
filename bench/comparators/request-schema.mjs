import { readFileSync } from 'node:fs';

/** @typedef {{ [key: string]: unknown }} Schema */

/**
 * A schema of the counter's OpenAPI document with what it refers to put in its place, closed to unknown fields as the counter
 * closes it.
 *
 * @param {string} name
 * @returns {Schema}
 */
export function closedSchema(name) {
  const { components } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
  /** @param {unknown} value @returns {unknown} */
  const expand = (value) => {
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value) return expand(components.schemas[String(value.$ref).replace('#/components/schemas/', '')]);
    const expanded = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner)]));
    return expanded.type === 'object' && 'properties' in expanded
      ? { ...expanded, additionalProperties: false }
      : expanded;
  };
  return /** @type {Schema} */ (expand(components.schemas[name]));
}
