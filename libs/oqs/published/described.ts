import type { AnyElement, AnyGroup, AnyPart } from '../src/description.js';
import type { Format } from '../src/formats.js';

/** Every group of a message, the outermost first, each once. */
export const groupsOf = (group: AnyGroup): AnyGroup[] => [
  ...new Set([group, ...group.parts.flatMap(({ element }) => (element.kind === 'group' ? groupsOf(element) : []))]),
];

export const formatsOf = (groups: readonly AnyGroup[]): Format[] => {
  const formats = new Map<string, Format>();
  for (const { element } of groups.flatMap(({ parts }) => parts))
    if (element.kind === 'leaf') formats.set(element.format.name, element.format);
  return [...formats.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
};

/** What holds in every message that we write. */
export const isAlways = ({ cardinality }: AnyPart): boolean =>
  cardinality === 'required' || cardinality === 'always' || cardinality === 'filled' || cardinality === 'some';

export const isRepeated = ({ cardinality }: AnyPart): boolean => cardinality === 'some' || cardinality === 'many';

/** In one sentence, in English: how it is known, and what is peculiar about it. */
export const remarkOn = (element: AnyElement): string =>
  [`[${element.evidence}]`, ...(element.note === undefined ? [] : [element.note])].join(' ');
