import type { Fault, Malformation } from './faults.js';
import type { BulkKind, FaultyItem, FaultyMessage, Kind, ReceivedItem, ReceivedMessage } from './kinds.js';

/** What was there and is described nowhere. Kept aside; it never makes a message faulty. */
export interface Unknown {
  readonly path: string;
  /** The beginning of its text; it may be personal. */
  readonly text: string;
}

/** How a message said of itself that it is written. */
export type Encoding = 'utf-8' | 'shift_jis';

/** The ArbitraryFileIdentifier as it stood in the XML, escapes and all, so that the answer can repeat it to the letter. */
export interface Echo {
  readonly value: string;
  readonly xml: string;
}

interface Aside {
  readonly encoding: Encoding;
  readonly unknown: readonly Unknown[];
  readonly echo?: Echo;
}

export type Reading<K extends Kind> =
  | ({ readonly outcome: 'read'; readonly message: ReceivedMessage<K> } & Aside)
  | ({
      readonly outcome: 'faulty';
      readonly message: FaultyMessage<K>;
      readonly faults: readonly [Fault, ...Fault[]];
    } & Aside)
  | { readonly outcome: 'malformed'; readonly fault: Malformation };

/** One person of a bulk message. */
export type ItemReading<K extends BulkKind> =
  | { readonly outcome: 'read'; readonly item: ReceivedItem<K>; readonly index: number }
  | {
      readonly outcome: 'faulty';
      readonly item: FaultyItem<K>;
      readonly faults: readonly [Fault, ...Fault[]];
      readonly index: number;
    };

/** A tree without faults is one of its kind: its description has been held to it. */
export const readingOf = <K extends Kind>(tree: object, faults: readonly Fault[], aside: Aside): Reading<K> =>
  (faults.length === 0
    ? { outcome: 'read', message: tree, ...aside }
    : { outcome: 'faulty', message: tree, faults, ...aside }) as unknown as Reading<K>;

export const itemReadingOf = <K extends BulkKind>(
  tree: object,
  faults: readonly Fault[],
  index: number,
): ItemReading<K> =>
  (faults.length === 0
    ? { outcome: 'read', item: tree, index }
    : { outcome: 'faulty', item: tree, faults, index }) as unknown as ItemReading<K>;
