import CircuitBreaker from 'opossum';

import type { Clock } from '../clock/clock.js';
import { RetryBudget } from './retry-budget.js';
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
    /** Of the fires. */
    readonly retries: number;
  };
}

/** A retry comes after a pause of this length to twice that. */
const RETRY_AFTER_MS = 25;
/** And so long after the one before: what broke together is not tried again together. */
const RETRIES_APART_MS = 100;
/** With less than this left nobody is asked. */
const LEFT_MS_MIN = 10;
/** The rest of an open breaker is longer by up to this share, so that processes that opened together do not probe together. */
const REST_JITTER = 0.2;

export interface GuardOptions {
  /** Deadline of a call with its retry. The call is told what is left of it, and cancels its own work. */
  readonly timeoutMs: number;
  /** How long the breaker stays open before a probe, at least. */
  readonly resetMs: number;
  /** More calls than this under way at once are refused: they would only queue at a slow registry. */
  readonly callsMax: number;
  /** Retries for a hundred calls. */
  readonly retryPercent: number;
  /** From 0 to 1, exclusive. */
  readonly random: () => number;
}

/** A serial that no certificate authority issues. */
const NOBODYS_SERIAL = '0000000000000000';

/** The registry behind a circuit breaker, with every option written out and what it is for. */
export class GuardedRegistry implements Registry {
  private readonly breaker: CircuitBreaker<[string, number, boolean], CertificateStatus>;
  private readonly retries: RetryBudget;
  private since: number | undefined;
  private lastOpenedAt: number | undefined;
  private underWay = 0;
  private nextRetryAt = 0;
  private readonly counts = { fires: 0, successes: 0, failures: 0, timeouts: 0, rejects: 0, retries: 0 };

  constructor(
    ask: (serial: string, withinMs: number) => Promise<CertificateStatus>,
    clock: Clock,
    private readonly options: GuardOptions,
  ) {
    const { timeoutMs, resetMs, retryPercent, random } = options;
    this.retries = new RetryBudget(retryPercent);
    const restMs = (): number => resetMs * (1 + REST_JITTER * random());
    const counted = (serial: string, withinMs: number, isRetry: boolean): Promise<CertificateStatus> => {
      this.counts.fires += 1;
      if (isRetry) this.counts.retries += 1;
      else this.retries.earn();
      return ask(serial, withinMs);
    };
    const breakerOptions: CircuitBreaker.Options<[string, number, boolean]> = {
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
      resetTimeout: restMs(),
      // A fresh process opens like any other: volumeThreshold is what keeps an unlucky first call from counting.
      allowWarmUp: false,
      enabled: true,
      autoRenewAbortController: false,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      // Only the registry's failures count. "No such certificate" does not come here as an error at all.
      errorFilter: (error: unknown) => !(error instanceof RegistryFault) && !isBreakerTimeout(error),
    };
    this.breaker = new CircuitBreaker(counted, breakerOptions);
    const changed = (): void => {
      this.since = clock.now();
    };
    this.breaker.on('open', () => {
      // A failed probe opens it again; it has not been closed in between.
      this.lastOpenedAt ??= clock.now();
      changed();
    });
    this.breaker.on('halfOpen', () => {
      // Of the next time it opens: opossum reads it then.
      breakerOptions.resetTimeout = restMs();
      changed();
    });
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

  /** Tried a second time when it failed at once and there is time and a retry left: a connection that broke says little about the next. */
  async certificateStatus(serial: string, withinMs: number = Number.POSITIVE_INFINITY): Promise<CertificateStatus> {
    const { timeoutMs, random } = this.options;
    const endsAt = performance.now() + Math.min(withinMs, timeoutMs);
    try {
      return await this.once(serial, endsAt, false);
    } catch (error) {
      if (!isWorthRetrying(error) || !this.isClosed) throw error;
      const now = performance.now();
      const retryAt = Math.max(now + RETRY_AFTER_MS * (1 + random()), this.nextRetryAt);
      if (retryAt >= endsAt || !this.retries.spend()) throw error;
      this.nextRetryAt = retryAt + RETRIES_APART_MS;
      await new Promise((resolve) => setTimeout(resolve, retryAt - now));
      return await this.once(serial, endsAt, true);
    }
  }

  private async once(serial: string, endsAt: number, isRetry: boolean): Promise<CertificateStatus> {
    const leftMs = endsAt - performance.now();
    // Whoever has no time left would cut the call short, and the breaker would take it for the registry's failure.
    if (leftMs < LEFT_MS_MIN) throw new RegistryFault('timeout');
    // Refused before the breaker sees them: there they would count as calls that did not fail, and a silent registry under
    // load would never open it.
    if (this.underWay >= this.options.callsMax) {
      this.counts.rejects += 1;
      throw new RegistryFault('breaker-open');
    }
    this.underWay += 1;
    try {
      return await this.breaker.fire(serial, leftMs, isRetry);
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
      await this.once(NOBODYS_SERIAL, performance.now() + this.options.timeoutMs, false);
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

/** Broken off or refused with an error of the registry's own. One that is silent or talks nonsense is no better a moment later. */
const isWorthRetrying = (error: unknown): boolean =>
  error instanceof RegistryFault && (error.reason === 'connection' || error.reason === 'status');

const isBreakerTimeout = (error: unknown): boolean => (error as { code?: string } | null)?.code === 'ETIMEDOUT';
