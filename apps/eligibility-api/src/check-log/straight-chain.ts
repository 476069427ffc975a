import { RecordUnavailable, type CheckRecord, type OpenRow } from './check-log.js';
import { checkFrom, ChecksRefused, type JournalPosition, type ShippedChecks } from './shipped-checks.js';

/** As many in one statement as the shipper sends. */
const AT_ONCE = 200;

interface Waiting {
  readonly checks: readonly CheckRecord[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export interface StraightParts {
  /** The journal's writer, whose chains these are as well. */
  readonly writer: string;
  readonly store: Pick<ShippedChecks, 'begin' | 'ship'>;
  readonly openRow: OpenRow;
}

/**
 * Commits checks to PostgreSQL before anybody is told, when the journal's disk takes none. They have a chain too: one statement
 * at a time, for all that came while the one before was under way, since the hash of a check needs the one before it. After a
 * failure nobody knows whether PostgreSQL has them, so that chain ends there and another begins.
 */
export class StraightChain {
  private chains = 0;
  private at: JournalPosition | undefined;
  private waiting: Waiting[] = [];
  private underWay = false;

  constructor(private readonly parts: StraightParts) {}

  /** Resolves when all of them are committed. Rejects when they may not be; what may be there was never answered. */
  commit(checks: readonly CheckRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ checks, done: resolve, failed: reject });
      if (!this.underWay) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.underWay = true;
    while (this.waiting.length > 0) {
      const group = this.take();
      try {
        await this.add(group.flatMap(({ checks }) => checks));
        for (const { done } of group) done();
      } catch (error) {
        // One of them is the reason; the others need not go with it.
        if (error instanceof ChecksRefused && group.length > 1) await this.oneByOne(group);
        else for (const { failed } of group) failed(error);
      }
    }
    this.underWay = false;
  }

  /** At least one of those who wait, and as many as fit. */
  private take(): Waiting[] {
    let checks = 0;
    const fits = this.waiting.findIndex((one, i) => (checks += one.checks.length) > AT_ONCE && i > 0);
    return this.waiting.splice(0, fits < 0 ? this.waiting.length : fits);
  }

  private async oneByOne(group: readonly Waiting[]): Promise<void> {
    for (const { checks, done, failed } of group) {
      try {
        await this.add(checks);
        done();
      } catch (error) {
        failed(error);
      }
    }
  }

  private async add(checks: readonly CheckRecord[]): Promise<void> {
    const { store, openRow } = this.parts;
    const from = this.at ?? (await this.begun());
    let { n, hash: previous } = from;
    const shipped = checks.map((check) => {
      const one = checkFrom(check, openRow, n + 1, previous);
      [n, previous] = [one.n, one.hash.toString('base64url')];
      return one;
    });
    const to = { ...from, n, hash: previous };
    this.at = undefined;
    try {
      if (!(await store.ship(shipped, from, to))) throw new RecordUnavailable();
      this.at = to;
    } catch (error) {
      // Refused, they are certainly not there.
      if (error instanceof ChecksRefused) this.at = from;
      throw error;
    }
  }

  private async begun(): Promise<JournalPosition> {
    this.chains += 1;
    const writer = `${this.parts.writer}-s${this.chains}`;
    const position = { writer, n: 0, hash: writer, segment: 0, offset: 0 };
    await this.parts.store.begin(position);
    return position;
  }
}
