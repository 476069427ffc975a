import type { AnyGroup, Written } from '../description.js';
import { fault, malformation, type Fault, type Malformation, type Position } from '../faults.js';
import type { MessageToWrite } from '../kinds.js';
import { resultOfQualificationConfirmation } from '../messages/result.js';
import type { Unknown } from '../reading.js';
import { LABELS, SECTIONS, type Section } from './labels.js';
import { limitCertificateClass } from './values.js';

/** What the text does not say: who took it over, and when. */
export interface TakenOver {
  /** 10-digit 医療機関コード. */
  readonly institutionCode: string;
  /** `YYYYMMDDhhmmss`, Japanese time. */
  readonly at: string;
  readonly fileIdentifier?: string;
}

export type ClipboardReading =
  | {
      readonly outcome: 'read';
      readonly message: MessageToWrite<'OQSsiquc01res_face'>;
      /** Lines that no element takes. */
      readonly unknown: readonly Unknown[];
    }
  | { readonly outcome: 'faulty'; readonly faults: readonly [Fault, ...Fault[]] }
  | { readonly outcome: 'malformed'; readonly fault: Malformation };

interface Line {
  readonly label: string;
  readonly value: string;
  readonly position: Position;
}

/** The first blank, tab or colon ends the label; blanks and colons before the value belong to neither. */
const LINE = /^([^\t:：]+?)[ \u3000]*(?:[\t:：][ \u3000\t:：]*|[ \u3000]+)(.*)$/u;
const CHARACTERS_MAX = 64 * 1024;
/** Without one of these, clients in use refuse the message. */
const NEEDED = {
  QualificationConfirmationDate: '確認日',
  InsurerNumber: '保険者番号',
  InsurerName: '保険者名',
  Name: '氏名',
  Birthdate: '生年月日',
  Sex1: '性別',
  InsuredCardClassification: '証区分',
} as const;

/**
 * Reads what マイナ資格確認アプリ puts on the clipboard into a face message. The app has no interface to a receipt computer; staff copy
 * its text. Any line end, width of letters and order within a section; a line may be missing, or unknown.
 */
export const readClipboard = (text: string, takenOver: TakenOver): ClipboardReading => {
  if (text.length > CHARACTERS_MAX) return { outcome: 'malformed', fault: malformation('too-large') };
  const values = new Map<string, string>();
  const faults: Fault[] = [];
  const unknown: Unknown[] = [];
  let section: Section = 'person';
  let isRecognised = false;
  for (const line of linesOf(text)) {
    const heading = line.value === '' ? sectionOf(line.label) : undefined;
    if (heading !== undefined) {
      isRecognised = true;
      section = heading;
      if (section === 'limit')
        values.set('LimitApplicationCertificateClassification', limitCertificateClass(line.label) ?? '');
      continue;
    }
    const label = Object.hasOwn(LABELS[section], line.label) ? LABELS[section][line.label] : undefined;
    if (line.value === '') continue;
    if (label === undefined) {
      unknown.push({ path: line.label, text: line.value });
      continue;
    }
    const element = { name: label.element, ja: line.label };
    const value = label.read(line.value);
    if (value === undefined) faults.push(fault('format', element, label.element, line.position));
    else if (values.has(label.element) && values.get(label.element) !== value)
      faults.push(fault('repeated', element, label.element, line.position));
    else values.set(label.element, value);
  }
  if (!isRecognised) return { outcome: 'malformed', fault: malformation('not-a-message', { line: 1, column: 1 }) };
  const end = { line: text.split(/\r\n|\r|\n/u).length, column: 1 };
  for (const [element, ja] of Object.entries(NEEDED))
    if (!values.has(element) && !faults.some(({ path }) => path === element))
      faults.push(fault('missing', { name: element, ja }, element, end));
  const [first, ...more] = faults;
  if (first !== undefined) return { outcome: 'faulty', faults: [first, ...more] };
  return { outcome: 'read', message: messageOf(values, takenOver), unknown };
};

const linesOf = (text: string): Line[] =>
  text
    .replace(/^\ufeff/u, '')
    .split(/\r\n|\r|\n/u)
    .flatMap((raw, i) => {
      const line = raw.trim();
      if (line === '') return [];
      const [, label = line, value = ''] = LINE.exec(`${line}${/[\t:：]/u.test(line) ? '' : '\t'}`) ?? [];
      return [{ label: plainLabel(label), value: value.trim(), position: { line: i + 1, column: 1 } }];
    });

/** Letters in one width, without blanks; the middle dot of 本人・家族 has two. */
const plainLabel = (label: string): string => label.normalize('NFKC').replaceAll(/\s/gu, '');

const sectionOf = (label: string): Section | undefined =>
  Object.entries(SECTIONS).find(([heading]) => label.startsWith(heading))?.[1];

const messageOf = (
  values: ReadonlyMap<string, string>,
  { institutionCode, at, fileIdentifier }: TakenOver,
): MessageToWrite<'OQSsiquc01res_face'> => {
  const of = (element: string): string => values.get(element) ?? '';
  const confirmedOn = of('QualificationConfirmationDate');
  const hasLimit = of('LimitApplicationCertificateClassification') !== '';
  return {
    MessageHeader: {
      ProcessExecutionTime: at,
      QualificationConfirmationDate: confirmedOn,
      MedicalInstitutionCode: institutionCode,
      ArbitraryFileIdentifier: fileIdentifier,
      // The app reads the card.
      ReferenceClassification: '1',
      SegmentOfResult: '1',
    },
    MessageBody: {
      ProcessingResultStatus: '1',
      QualificationValidity: validityOn(confirmedOn, values),
      ResultList: {
        ResultOfQualificationConfirmation: [
          {
            ...(treeOf(resultOfQualificationConfirmation, of) as unknown as Written<
              typeof resultOfQualificationConfirmation
            >),
            // The app shows it only to whom the patient consented.
            LimitApplicationCertificateRelatedConsFlg: hasLimit ? '1' : undefined,
          },
        ],
      },
    },
  };
};

interface Tree {
  [name: string]: string | Tree;
}

/** The leaves that there are, where the description has them. What has to be there was seen to before. */
const treeOf = (group: AnyGroup, of: (element: string) => string): Tree => {
  const tree: Tree = {};
  for (const { element } of group.parts) {
    const value = element.kind === 'leaf' ? of(element.name) : treeOf(element, of);
    if (typeof value === 'string' ? value !== '' : Object.keys(value).length > 0) tree[element.name] = value;
  }
  return tree;
};

/** The text does not say whether the coverage is valid. It is not where the text's own days say so; digits compare as days do. */
const validityOn = (day: string, values: ReadonlyMap<string, string>): '1' | '2' => {
  const never = '99999999';
  const hasEnded =
    (values.get('InsuredCardExpirationDate') ?? never) < day || (values.get('DisqualificationDate') ?? never) <= day;
  const begins = values.get('InsuredCardValidDate') ?? values.get('QualificationDate') ?? day;
  return hasEnded || begins > day ? '2' : '1';
};
