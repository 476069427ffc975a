import type { AnyElement, AnyGroup, AnyPart } from '../src/description.js';
import type { Format } from '../src/formats.js';
import { KINDS, type Kind } from '../src/kinds.js';
import { formatsOf, groupsOf, isAlways, isRepeated, remarkOn } from './described.js';

/**
 * XML Schema 1.0 of one message kind: what a request has to be, and what our answer is. Elements come in any order, as in the real system's
 * answers; an element that may be absent may also be empty.
 */
export const xsdOf = (kind: Kind): string => {
  const { ja, message, evidence } = KINDS[kind];
  const optional = new Set(
    groupsOf(message).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.element.kind === 'leaf' && !isAlways(part) ? [part.element.format.name] : [])),
    ),
  );
  const types = formatsOf(groupsOf(message)).flatMap((format) => [
    ...simpleType(format),
    ...(optional.has(format.name) ? orEmpty(format.name) : []),
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${kind}: ${ja}. Generated from libs/oqs; how it is known: ${evidence} (see elements.md). -->`,
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">',
    ...indented(element(message, '')),
    ...indented(types),
    ...(optional.size === 0 ? [] : indented(EMPTY)),
    '</xs:schema>',
    '',
  ].join('\n');
};

const EMPTY = [
  '<xs:simpleType name="empty">',
  '  <xs:restriction base="xs:string"><xs:maxLength value="0"/></xs:restriction>',
  '</xs:simpleType>',
];

const orEmpty = (name: string): string[] => [
  `<xs:simpleType name="${name}OrEmpty">`,
  `  <xs:union memberTypes="${name} empty"/>`,
  '</xs:simpleType>',
];

const simpleType = ({ name, ja, codes, pattern, maxLength }: Format): string[] => [
  `<xs:simpleType name="${name}">`,
  ...(codes === undefined ? [`  ${documentation('ja', ja)}`] : []),
  '  <xs:restriction base="xs:string">',
  ...(codes === undefined
    ? [
        ...(pattern === undefined
          ? ['    <xs:minLength value="1"/>']
          : [`    <xs:pattern value="${escaped(pattern)}"/>`]),
        ...(maxLength === undefined ? [] : [`    <xs:maxLength value="${maxLength}"/>`]),
      ]
    : codes.meanings.map(
        ([code, meaning]) => `    <xs:enumeration value="${code}">${documentation('ja', meaning)}</xs:enumeration>`,
      )),
  '  </xs:restriction>',
  '</xs:simpleType>',
];

const documentation = (language: string, text: string): string =>
  `<xs:annotation><xs:documentation xml:lang="${language}">${escaped(text)}</xs:documentation></xs:annotation>`;

const described = (element: AnyElement): string =>
  `<xs:annotation><xs:documentation xml:lang="ja">${escaped(element.ja)}</xs:documentation><xs:documentation xml:lang="en">${escaped(remarkOn(element))}</xs:documentation></xs:annotation>`;

const element = (of: AnyElement, occurs: string, isOptional = false): string[] =>
  of.kind === 'leaf'
    ? [
        `<xs:element name="${of.name}" type="${of.format.name}${isOptional ? 'OrEmpty' : ''}"${occurs}>${described(of)}</xs:element>`,
      ]
    : [`<xs:element name="${of.name}"${occurs}>`, `  ${described(of)}`, ...indented(complexType(of)), '</xs:element>'];

const occurs = (part: AnyPart): string =>
  `${isAlways(part) ? '' : ' minOccurs="0"'}${isRepeated(part) ? ' maxOccurs="unbounded"' : ''}`;

const complexType = ({ parts }: AnyGroup): string[] => {
  const hasRepeated = parts.some(isRepeated);
  // In any order, except where something is repeated: XML Schema 1.0 has no way to say both and to count.
  const [open, close, inner] = !hasRepeated
    ? ['<xs:all>', '</xs:all>', parts.map((part) => element(part.element, occurs(part), !isAlways(part)))]
    : parts.length === 1
      ? ['<xs:sequence>', '</xs:sequence>', parts.map((part) => element(part.element, occurs(part)))]
      : [
          '<xs:choice minOccurs="0" maxOccurs="unbounded">',
          '</xs:choice>',
          parts.map((part) => element(part.element, '', !isAlways(part))),
        ];
  return ['<xs:complexType>', ...indented([open, ...indented(inner.flat()), close]), '</xs:complexType>'];
};

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/gu, (character) => ESCAPES[character] ?? character);
