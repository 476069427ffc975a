import { Gauge, type Registry } from 'prom-client';

import type { AnchorsState } from '../check-log/anchors.js';
import type { JournalState } from '../check-log/journal.js';
import type { ShipperState } from '../check-log/journal-shipper.js';

interface Observed {
  readonly journal: () => JournalState;
  readonly shipper: () => ShipperState;
  /** Of the process that signs them. */
  readonly anchors: () => AnchorsState | undefined;
  /** Room on the disk that is kept for the next segments, where this process keeps it. */
  readonly spareBytes: () => number;
  /** Of `bytesMax`, beyond which batches stop. */
  readonly batchStopFraction: number;
  readonly now: () => number;
}

/** Gauges read when somebody scrapes: what the journal took, what it holds, and whether it is shipped. */
export const registerJournalMetrics = (
  registry: Registry,
  { journal, shipper, anchors, spareBytes, batchStopFraction, now }: Observed,
): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    // The registry holds it; nobody else needs to.
    void new Gauge({
      name,
      help,
      registers: [registry],
      aggregator: 'max',
      collect() {
        this.set(read());
      },
    });
  };
  gauge('shikaku_journal_checks', 'Checks put into the local journal', () => journal().appended);
  gauge('shikaku_journal_straight', 'Checks committed to PostgreSQL before the reply', () => journal().straight);
  gauge('shikaku_journal_bytes', 'What the journals of this machine take', () => journal().bytes);
  const fraction = (): number => journal().bytes / journal().bytesMax;
  gauge('shikaku_journal_fraction', 'Of the room that journals may take, how much they do', fraction);
  gauge('shikaku_journal_batches_stopped', '1 while batches stop because of that', () =>
    fraction() >= batchStopFraction ? 1 : 0,
  );
  gauge('shikaku_journal_spare_bytes', 'Room on the disk that is kept for the next segments', spareBytes);
  gauge('shikaku_journal_failing', '1 while the disk of the journal is full or failing', () =>
    journal().failing ? 1 : 0,
  );
  gauge('shikaku_journal_shipped', 'Checks shipped to PostgreSQL', () => shipper().shipped);
  gauge('shikaku_journal_damaged', 'Lines whose chain or text is broken', () => shipper().damaged);
  gauge('shikaku_anchors', 'Anchors signed and stored', () => anchors()?.signed ?? 0);
  gauge('shikaku_anchor_waiting_seconds', 'Since when what is on record waits for its anchor', () => {
    const waitingSince = anchors()?.waitingSince;
    return waitingSince === undefined ? 0 : (now() - waitingSince) / 1000;
  });
  gauge('shikaku_anchor_key_missing', '1 where anchors should be signed and there is no key', () =>
    anchors()?.hasKey === false ? 1 : 0,
  );
  gauge('shikaku_journal_unshipped_seconds', 'Since when shipping has been failing', () => {
    const { waitingSince } = shipper();
    return waitingSince === undefined ? 0 : (now() - waitingSince) / 1000;
  });
};
