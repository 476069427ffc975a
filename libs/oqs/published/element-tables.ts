import type { AnyElement, AnyGroup, AnyPart, Cardinality, Evidence } from '../src/description.js';
import { FAULTY, MALFORMED } from '../src/faults.js';
import type { Format } from '../src/formats.js';
import { itemOf, KIND_NAMES, KINDS } from '../src/kinds.js';
import { formatsOf, groupsOf } from './described.js';

const EVIDENCE: Readonly<Record<Evidence, string>> = {
  C: 'seen in a published message of the national system, or in one whose structure its publisher says came from there',
  K: 'read or written by the code of a client that is used with the national system',
  T: "transcribed from the closed specification in a client's source",
  I: 'inferred; treat as unproven',
};

const OCCURRENCE: Readonly<Record<Cardinality, string>> = {
  required: '1',
  always: '1 written, 0..1 read',
  filled: '1 written, 0..1 read',
  optional: '0..1',
  some: '1..n',
  many: '0..n',
  tolerated: '0..1 read, never written',
};

/** docs/oqs/elements.md: every message, element and code, and how it is known. */
export const elementTables = (): string => {
  const groups = [...new Set(KIND_NAMES.flatMap((kind) => groupsOf(KINDS[kind].message).slice(1)))];
  const numbers = new Map(groups.map((group, i) => [group, i + 1]));
  const link = (group: AnyGroup): string => `[${group.name}](#g${numbers.get(group)})`;
  const usersOf = (group: AnyGroup): string[] =>
    KIND_NAMES.filter((kind) => groupsOf(KINDS[kind].message).includes(group));
  const formats = formatsOf(groups);

  return [
    '# Messages of the national system (OQS)',
    '',
    'Generated from `libs/oqs/src` by `npm run documents`. The official specification (別紙3-1 XMLレイアウト仕様, 別紙5-1 業務コード仕様,',
    '別紙6-1 処理結果コード) is handed to registered vendors only, and nothing is quoted from it here: what stands here is',
    'known from published messages and public clients, and every element says how. XML Schemas are in `xsd/`, JSON Schemas of',
    'the web API in `json-schema/`, one message of each kind in `examples/`.',
    '',
    'How an element is known, strongest first:',
    '',
    ...table(['mark', 'meaning'], Object.entries(EVIDENCE)),
    '',
    '## Rules for all messages',
    '',
    '- The root is `XmlMsg` with `MessageHeader` and `MessageBody`. A file is named by its kind, `_`, a free tail and `.xml`; the answer',
    '  has the name of the request with `res` for `req`.',
    '- Read: UTF-8 (also with a byte order mark) or Shift_JIS as Windows has it, by the XML declaration; elements in any order; blanks',
    '  in tags and around values; digits in full width; an empty element is an absent one; unknown elements are passed over.',
    '- Refused: DOCTYPE, entities other than the five of XML and character references, processing instructions, more than 16 levels,',
    '  a mebibyte without a tag, 4 MiB in a message about one person and 64 MiB in one about many.',
    '- Written: in the order of these tables, UTF-8, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`,',
    '  `CharacterCodeIdentifier` 0, also when asked in Shift_JIS [C]. Where Shift_JIS is configured, what it does not have becomes ●',
    '  [K]. An element without a value is left out. `ArbitraryFileIdentifier` is repeated to the letter.',
    '- JSON (web API): the same tree, every leaf text, `ResultList` an array [C].',
    '',
    '## Kinds',
    '',
    ...table(
      ['kind', '日本語', 'known', 'header', 'body', 'for each person'],
      KIND_NAMES.map((kind) => {
        const { ja, evidence, message } = KINDS[kind];
        const [header, body] = message.parts;
        const item = itemOf(kind);
        return [
          `\`${kind}\``,
          ja,
          evidence,
          link(header.element),
          link(body.element),
          item === undefined ? '' : link(item),
        ];
      }),
    ),
    '',
    '## Groups',
    ...groups.flatMap((group) => [
      '',
      `<a id="g${numbers.get(group)}"></a>`,
      '',
      `### ${group.name} ${group.ja}`,
      '',
      `In ${usersOf(group)
        .map((kind) => `\`${kind}\``)
        .join(', ')}.${group.note === undefined ? '' : ` ${sentence(group.note)}`}`,
      ...(group.oneOf === undefined
        ? []
        : ['', `Exactly one of: ${group.oneOf.map((names) => names.join(' and ')).join('; ')}.`]),
      '',
      ...table(
        ['element', '日本語', 'occurs', 'holds', 'known', 'note'],
        group.parts.map((part) => rowOf(part, link)),
      ),
    ]),
    '',
    '## Formats',
    '',
    ...table(
      ['format', '規則', 'pattern'],
      formats
        .filter(({ codes }) => codes === undefined)
        .map((format) => [format.name, format.ja, format.pattern === undefined ? '' : `\`${format.pattern}\``]),
    ),
    '',
    '## Codes',
    '',
    'By the numbers of 別紙5-1 as public clients transcribe them [T].',
    '',
    ...table(
      ['list', 'elements', 'codes'],
      formats.flatMap((format) => (format.codes === undefined ? [] : [codeRow(format, groups)])),
    ),
    '',
    '## What we answer to a message that is wrong',
    '',
    'The codes of 別紙6-1 are not public. Ours begin with SHK and never change their meaning. A message that cannot be read is answered with',
    'an `.err` file; a fault in a field with SegmentOfResult 9, ProcessingResultStatus 2, and code and text in header and body.',
    '',
    ...table(
      ['code', 'name', 'text'],
      [...Object.entries(MALFORMED), ...Object.entries(FAULTY)].map(([name, { wire, ja }]) => [wire, name, ja]),
    ),
    '',
  ].join('\n');
};

const rowOf = (part: AnyPart, link: (group: AnyGroup) => string): string[] => {
  const { element } = part;
  return [
    element.kind === 'group' ? link(element) : element.name,
    element.ja,
    OCCURRENCE[part.cardinality],
    holds(element),
    element.evidence,
    noteOn(element),
  ];
};

const holds = (element: AnyElement): string => {
  if (element.kind === 'group') return 'group';
  return element.format.codes === undefined ? element.format.name : `code ${element.format.codes.list}`;
};

const noteOn = (element: AnyElement): string =>
  element.kind === 'leaf'
    ? [
        ...(element.note === undefined ? [] : [element.note]),
        ...(element.aliases === undefined ? [] : [`read as ${element.aliases.join(', ')}, too`]),
      ].join('; ')
    : (element.note ?? '');

const codeRow = (format: Format, groups: readonly AnyGroup[]): string[] => {
  const elements = groups.flatMap(({ parts }) =>
    parts.flatMap(({ element }) =>
      element.kind === 'leaf' && element.format.name === format.name ? [element.name] : [],
    ),
  );
  const codes = format.codes?.meanings.map((one) => one.join(' ')) ?? [];
  return [format.codes?.list ?? '', [...new Set(elements)].join(', '), codes.join(', ')];
};

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
];
