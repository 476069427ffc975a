import type { JlisCertificate, JlisCertificateChange } from '@app/contracts/jlis';

/** The reader asked for changes that are no longer kept; it must load the population afresh. */
export class FeedTruncated extends Error {
  override readonly name = 'FeedTruncated';
}

/** Changes to certificates in the order they happened, the newest `retained` of them, in memory. */
export class ChangeFeed {
  #changes: JlisCertificateChange[] = [];
  #last = 0;

  constructor(
    /** Names the life of these sequences; another process begins another one. */
    readonly generation: string,
    private readonly retained = 1_000_000,
  ) {}

  /** The last sequence given out; 0 before the first change. */
  get last(): number {
    return this.#last;
  }

  append(certificate: JlisCertificate, changedAt: string): JlisCertificateChange {
    const change = { ...certificate, sequence: this.#last + 1, changedAt };
    this.#last = change.sequence;
    this.#changes.push(change);
    // Cutting off a tenth at a time keeps an append cheap.
    if (this.#changes.length > this.retained * 1.1) this.#changes = this.#changes.slice(-this.retained);
    return change;
  }

  /**
   * Changes with a sequence above `after`, oldest first.
   * @throws {FeedTruncated} when one of them is no longer kept
   */
  since(after: number, limit: number): JlisCertificateChange[] {
    const oldest = this.#last - this.#changes.length + 1;
    if (after + 1 < oldest) throw new FeedTruncated();
    return this.#changes.slice(after + 1 - oldest, after + 1 - oldest + limit);
  }
}
