import { RULE_VERSION } from '@app/domain';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';

import { SignedAnchors } from '../coverage-store/anchor-store.js';
import { CheckStore } from '../coverage-store/check-store.js';
import { CLOCK, systemClock, type Clock } from '../clock/clock.js';
import { StoredRetention } from '../coverage-store/retention-store.js';
import { keeps, ROLE, type Role } from '../runtime/role.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { anchorKeyFile, readAnchorKey } from './anchor-keys.js';
import { Anchors } from './anchors.js';
import {
  CHECK_LOG,
  JOURNAL_HAS_ROOM,
  OPEN_ROW,
  PAST_CHECKS,
  RENDER_ANSWER,
  type OpenRow,
  type RenderAnswer,
} from './check-log.js';
import { EndedWriters } from './ended-writers.js';
import { Journal, newWriter, SEGMENT_BYTES_MAX } from './journal.js';
import { readJournalKey } from './journal-key.js';
import { JournalShipper } from './journal-shipper.js';
import { JournalTexts } from './journal-texts.js';
import { PastChecks } from './past-checks.js';
import { Retention } from './retention.js';
import { parseRetention } from './retention-period.js';
import { SpareSegments } from './spare-segments.js';
import { StraightChain } from './straight-chain.js';

/** What a process that is told to stop may spend on shipping; the next one ships the rest. */
const LAST_SHIPPING_MS = 3_000;

/** A check that comes so long before changes of its time are looked at is seen by whoever looks. */
const LATE_BEFORE_LOOK_MS = 10_000;
/** Sooner than this none is called late: shipping takes a second. */
const LATE_AFTER_MS_MIN = 5_000;

const folderOf = (settings: Settings): string => join(settings.DATA_DIR, 'journal');

@Global()
@Module({
  providers: [
    {
      provide: JournalTexts,
      inject: [OPEN_ROW, SETTINGS],
      useFactory: async (openRow: OpenRow, settings: Settings) =>
        new JournalTexts(await readJournalKey(settings.SECRETS_DIR), openRow),
    },
    {
      provide: Journal,
      inject: [CheckStore, JournalTexts, OPEN_ROW, SETTINGS],
      useFactory: (store: CheckStore, texts: JournalTexts, openRow: OpenRow, settings: Settings) => {
        // Files are dated by the machine's clock, whatever clock decides what day it is at the counter.
        const writer = newWriter(systemClock.now());
        const straight = new StraightChain({ writer, store, openRow });
        return new Journal({
          folder: folderOf(settings),
          writer,
          seal: texts.seal(writer),
          ruleVersion: RULE_VERSION,
          sync: settings.JOURNAL_SYNC,
          bytesMax: settings.JOURNAL_BYTES_MAX,
          now: () => systemClock.now(),
          straight: (checks) => straight.commit(checks),
        });
      },
    },
    {
      provide: JournalShipper,
      inject: [CheckStore, JournalTexts, CLOCK, SETTINGS],
      useFactory: (store: CheckStore, texts: JournalTexts, clock: Clock, settings: Settings) =>
        new JournalShipper({
          folder: folderOf(settings),
          store,
          texts,
          now: () => systemClock.now(),
          late: {
            afterMs: Math.max(LATE_AFTER_MS_MIN, settings.RECHECK_CHANGES_AFTER_MS - LATE_BEFORE_LOOK_MS),
            now: () => clock.now(),
          },
        }),
    },
    {
      provide: Anchors,
      inject: [SignedAnchors, JournalShipper, Journal, SETTINGS, ROLE],
      useFactory: async (
        store: SignedAnchors,
        shipper: JournalShipper,
        journal: Journal,
        settings: Settings,
        role: Role,
      ) => {
        // Whoever answers callers has no business with the key.
        if (!keeps(role)) return undefined;
        const anchors = new Anchors({
          folder: folderOf(settings),
          anchoredBy: journal.writer,
          key: await readAnchorKey(anchorKeyFile(settings)),
          store,
          shipped: (writer) => shipper.shippedOf(writer),
          now: () => systemClock.now(),
          intervalMs: settings.ANCHOR_INTERVAL_SECONDS * 1000,
        });
        shipper.whenWriterEnds((at) => anchors.ended(at));
        return anchors;
      },
    },
    {
      provide: Retention,
      inject: [CLOCK, SETTINGS, ROLE],
      useFactory: async (clock: Clock, settings: Settings, role: Role) =>
        keeps(role)
          ? new Retention({
              store: new StoredRetention(settings.DATABASE_URL),
              key: await readAnchorKey(anchorKeyFile(settings)),
              period: parseRetention(settings.CHECK_LOG_RETENTION),
              now: () => clock.now(),
            })
          : undefined,
    },
    {
      provide: SpareSegments,
      inject: [SETTINGS],
      useFactory: (settings: Settings) =>
        new SpareSegments({
          folder: folderOf(settings),
          bytes: settings.JOURNAL_PREALLOCATED_BYTES,
          segmentBytes: SEGMENT_BYTES_MAX,
        }),
    },
    {
      provide: PastChecks,
      inject: [CheckStore, JournalTexts, RENDER_ANSWER, SETTINGS],
      useFactory: (store: CheckStore, texts: JournalTexts, render: RenderAnswer, settings: Settings) =>
        new PastChecks({ folder: folderOf(settings), store, texts, render }),
    },
    {
      provide: EndedWriters,
      inject: [SETTINGS],
      useFactory: (settings: Settings) => new EndedWriters({ folder: folderOf(settings) }),
    },
    {
      provide: JOURNAL_HAS_ROOM,
      inject: [Journal, SETTINGS],
      useFactory: (journal: Journal, settings: Settings) => (): boolean => {
        const { bytes, bytesMax } = journal.state;
        return bytes < (bytesMax * settings.JOURNAL_BATCH_STOP_PERCENT) / 100;
      },
    },
    { provide: CHECK_LOG, useExisting: Journal },
    { provide: PAST_CHECKS, useExisting: PastChecks },
  ],
  exports: [
    Journal,
    JournalShipper,
    EndedWriters,
    Anchors,
    SpareSegments,
    Retention,
    JOURNAL_HAS_ROOM,
    CHECK_LOG,
    PAST_CHECKS,
  ],
})
export class CheckLogModule implements OnApplicationShutdown {
  constructor(
    private readonly journal: Journal,
    private readonly shipper: JournalShipper,
    @Inject(Anchors) private readonly anchors: Anchors | undefined,
    @Inject(ROLE) private readonly role: Role,
  ) {}

  /** After the last reply has left: what it put on record is made durable, and shipped if that is quick. */
  async onApplicationShutdown(): Promise<void> {
    await this.journal.close();
    if (!keeps(this.role)) return;
    this.shipper.endOf(this.journal.writer);
    const late = AbortSignal.timeout(LAST_SHIPPING_MS);
    // PostgreSQL away is no reason not to stop.
    await this.shipper
      .ship(late)
      .then(() => this.anchors?.atOnce())
      .catch(() => {});
  }
}
