import CircuitBreaker from 'opossum';

import type { Clock } from '../clock/clock.js';
import { RegistryFault, type CertificateStatus, type Registry } from './registry.js';

export interface BreakerState {
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** Epoch milliseconds of the last change of state. */
  readonly since?: number;
  readonly counts: {
    readonly fires: number;
    readonly successes: number;
    readonly failures: number;
    readonly timeouts: number;
    readonly rejects: number;
  };
}

/** More calls than this under way at once are refused: they would only queue at a slow registry. */
const CALLS_UNDER_WAY_MAX = 100;

/** A serial that no certificate authority issues. */
const NOBODYS_SERIAL = '0000000000000000';

/** The registry behind a circuit breaker, with every option written out and what it is for. */
export class GuardedRegistry implements Registry {
  private readonly breaker: CircuitBreaker<[string], CertificateStatus>;
  private since: number | undefined;
  private lastOpenedAt: number | undefined;
  private underWay = 0;
  private readonly counts = { fires: 0, successes: 0, failures: 0, timeouts: 0, rejects: 0 };

  constructor(
    ask: (serial: string) => Promise<CertificateStatus>,
    clock: Clock,
    /** `timeoutMs`: deadline of `ask`, which cancels its own work. `resetMs`: how long the breaker stays open before a probe. */
    { timeoutMs, resetMs }: { readonly timeoutMs: number; readonly resetMs: number },
  ) {
    const counted = (serial: string): Promise<CertificateStatus> => {
      this.counts.fires += 1;
      return ask(serial);
    };
    this.breaker = new CircuitBreaker(counted, {
      name: 'registry',
      group: 'registry',
      // The call ends itself at its deadline; the breaker's own clock is a net below it, and must exist: a half-open probe
      // that never ends would keep the breaker open for ever.
      timeout: timeoutMs + 50,
      // Half of at least 10 calls within 3 s. A longer window would take longer to forget the good calls from before: at a
      // deadline of 1 s this one opens within 3 s of a registry going silent.
      errorThresholdPercentage: 50,
      volumeThreshold: 10,
      rollingCountTimeout: 3_000,
      rollingCountBuckets: 6,
      // While open, one call is let through after this long.
      resetTimeout: resetMs,
      // A fresh process opens like any other: volumeThreshold is what keeps an unlucky first call from counting.
      allowWarmUp: false,
      enabled: true,
      autoRenewAbortController: false,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      // Only the registry's failures count. "No such certificate" does not come here as an error at all.
      errorFilter: (error: unknown) => !(error instanceof RegistryFault) && !isBreakerTimeout(error),
    });
    const changed = (): void => {
      this.since = clock.now();
    };
    this.breaker.on('open', () => {
      // A failed probe opens it again; it has not been closed in between.
      this.lastOpenedAt ??= clock.now();
      changed();
    });
    this.breaker.on('halfOpen', changed);
    this.breaker.on('close', () => {
      this.lastOpenedAt = undefined;
      changed();
    });
    this.breaker.on('success', (result: unknown) => {
      // An error that does not count against the registry is no success of it either.
      if (!(result instanceof Error)) this.counts.successes += 1;
    });
    this.breaker.on('failure', (error) => {
      this.counts.failures += 1;
      if (isBreakerTimeout(error) || (error instanceof RegistryFault && error.reason === 'timeout'))
        this.counts.timeouts += 1;
    });
    this.breaker.on('reject', () => (this.counts.rejects += 1));
  }

  async certificateStatus(serial: string): Promise<CertificateStatus> {
    // Refused before the breaker sees them: there they would count as calls that did not fail, and a silent registry under
    // load would never open it.
    if (this.underWay >= CALLS_UNDER_WAY_MAX) {
      this.counts.rejects += 1;
      throw new RegistryFault('breaker-open');
    }
    this.underWay += 1;
    try {
      return await this.breaker.fire(serial);
    } catch (error) {
      if (error instanceof RegistryFault) throw error;
      throw new RegistryFault(isBreakerTimeout(error) ? 'timeout' : 'breaker-open', { cause: error });
    } finally {
      this.underWay -= 1;
    }
  }

  /**
   * Asks about nobody's certificate when the breaker is waiting for a call to try. Without it a clinic that sends known cards
   * only would hear that the registry is away until somebody happens to send an unknown one.
   */
  async probe(): Promise<void> {
    if (!this.breaker.halfOpen) return;
    try {
      await this.certificateStatus(NOBODYS_SERIAL);
    } catch (error) {
      // The breaker has counted it, and opens again.
      if (!(error instanceof RegistryFault)) throw error;
    }
  }

  get isClosed(): boolean {
    return this.breaker.closed;
  }

  /** When it last opened, epoch milliseconds, while it is not closed. */
  get openedAt(): number | undefined {
    return this.isClosed ? undefined : this.lastOpenedAt;
  }

  get state(): BreakerState {
    return {
      breaker: this.breaker.closed
        ? 'closed'
        : this.breaker.halfOpen || this.breaker.pendingClose
          ? 'half-open'
          : 'open',
      ...(this.since === undefined ? {} : { since: this.since }),
      counts: { ...this.counts },
    };
  }

  close(): void {
    this.breaker.shutdown();
  }
}

const isBreakerTimeout = (error: unknown): boolean => (error as { code?: string } | null)?.code === 'ETIMEDOUT';
