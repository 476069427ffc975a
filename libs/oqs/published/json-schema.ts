import type { AnyElement, AnyGroup, AnyPart } from '../src/description.js';
import type { Format } from '../src/formats.js';
import { KINDS, type Kind } from '../src/kinds.js';
import { formatsOf, groupsOf, isAlways, isRepeated, remarkOn } from './described.js';

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema 2020-12 of a message of the web API: what a request has to be, and what our answer is. Every leaf is text. */
export const jsonSchemaOf = (kind: Kind): Schema => {
  const { ja, message } = KINDS[kind];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind,
    description: `${ja}. Generated from libs/oqs.`,
    type: 'object',
    properties: { [message.name]: groupSchema(message) },
    required: [message.name],
    $defs: Object.fromEntries(formatsOf(groupsOf(message)).map((format) => [format.name, formatSchema(format)])),
  };
};

const groupSchema = (group: AnyGroup): Schema => ({
  title: group.ja,
  description: remarkOn(group),
  type: 'object',
  properties: Object.fromEntries(group.parts.map((part) => [part.element.name, partSchema(part)])),
  required: group.parts.filter(isAlways).map(({ element }) => element.name),
});

const partSchema = (part: AnyPart): Schema => {
  const { element } = part;
  if (isRepeated(part)) return { type: 'array', items: elementSchema(element) };
  if (element.kind === 'leaf' && !isAlways(part))
    return { title: element.ja, description: remarkOn(element), anyOf: [reference(element.format), { const: '' }] };
  return elementSchema(element);
};

const elementSchema = (element: AnyElement): Schema => {
  if (element.kind === 'leaf')
    return { title: element.ja, description: remarkOn(element), ...reference(element.format) };
  const [item] = element.parts;
  if (element.jsonList === undefined || item === undefined) return groupSchema(element);
  const inner = elementSchema(item.element);
  return {
    title: element.ja,
    description: remarkOn(element),
    type: 'array',
    items:
      element.jsonList === 'bare'
        ? inner
        : { type: 'object', properties: { [item.element.name]: inner }, required: [item.element.name] },
  };
};

const reference = ({ name }: Format): Schema => ({ $ref: `#/$defs/${name}` });

const formatSchema = ({ ja, codes, pattern, maxLength }: Format): Schema =>
  codes === undefined
    ? {
        description: ja,
        type: 'string',
        minLength: 1,
        ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
        ...(maxLength === undefined ? {} : { maxLength }),
      }
    : {
        description: codes.meanings.map((one) => one.join(' ')).join(', '),
        type: 'string',
        enum: codes.meanings.map(([code]) => code),
      };
