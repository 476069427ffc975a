import CircuitBreaker from 'opossum';

import type { Clock } from '../clock/clock.js';
import { RetryBudget } from './retry-budget.js';
import { RegistryFault } from './registry.js';

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

/** One kind of call. */
export interface GuardedCall<Question, Answer> {
  /** Of the breaker. */
  readonly name: string;
  readonly ask: (question: Question, withinMs: number) => Promise<Answer>;
  /** Errors that say what is wrong with the question: they reach the caller as they are, and are no failure of the registry. */
  readonly isOfQuestion?: (error: unknown) => boolean;
}

/** One kind of call to the registry behind a circuit breaker, with every option written out and what it is for. */
export class GuardedCalls<Question, Answer> {
  private readonly breaker: CircuitBreaker<[Question, number, boolean], Answer>;
  private readonly retries: RetryBudget;
  private since: number | undefined;
  private lastOpenedAt: number | undefined;
  private underWay = 0;
  private nextRetryAt = 0;
  private readonly counts = { fires: 0, successes: 0, failures: 0, timeouts: 0, rejects: 0, retries: 0 };

  constructor(
    private readonly guarded: GuardedCall<Question, Answer>,
    clock: Clock,
    private readonly options: GuardOptions,
  ) {
    const { timeoutMs, resetMs, retryPercent, random } = options;
    this.retries = new RetryBudget(retryPercent);
    const restMs = (): number => resetMs * (1 + REST_JITTER * random());
    const counted = (question: Question, withinMs: number, isRetry: boolean): Promise<Answer> => {
      this.counts.fires += 1;
      if (isRetry) this.counts.retries += 1;
      else this.retries.earn();
      return guarded.ask(question, withinMs);
    };
    const breakerOptions: CircuitBreaker.Options<[Question, number, boolean]> = {
      name: guarded.name,
      group: guarded.name,
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

  /**
   * Tried a second time when it failed at once and there is time and a retry left: a connection that broke says little about the
   * next. `withinMs` is what the caller has left, where that is less than the deadline. Rejects with `RegistryFault`, or with what
   * is wrong with the question.
   */
  async call(question: Question, withinMs: number = Number.POSITIVE_INFINITY): Promise<Answer> {
    const { timeoutMs, random } = this.options;
    const endsAt = performance.now() + Math.min(withinMs, timeoutMs);
    try {
      return await this.once(question, endsAt, false);
    } catch (error) {
      if (!isWorthRetrying(error) || !this.isClosed) throw error;
      const now = performance.now();
      const retryAt = Math.max(now + RETRY_AFTER_MS * (1 + random()), this.nextRetryAt);
      if (retryAt >= endsAt || !this.retries.spend()) throw error;
      this.nextRetryAt = retryAt + RETRIES_APART_MS;
      await new Promise((resolve) => setTimeout(resolve, retryAt - now));
      return await this.once(question, endsAt, true);
    }
  }

  /** Asks this when the breaker is waiting for a call to try, and otherwise nothing. */
  async probe(question: Question): Promise<void> {
    if (!this.breaker.halfOpen) return;
    try {
      await this.once(question, performance.now() + this.options.timeoutMs, false);
    } catch (error) {
      // The breaker has counted it, and opens again.
      if (!(error instanceof RegistryFault)) throw error;
    }
  }

  private async once(question: Question, endsAt: number, isRetry: boolean): Promise<Answer> {
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
      return await this.breaker.fire(question, leftMs, isRetry);
    } catch (error) {
      if (error instanceof RegistryFault || this.guarded.isOfQuestion?.(error) === true) throw error;
      throw new RegistryFault(isBreakerTimeout(error) ? 'timeout' : 'breaker-open', { cause: error });
    } finally {
      this.underWay -= 1;
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

  /** The breaker keeps timers, which would keep the process. */
  close(): void {
    this.breaker.shutdown();
  }
}

/** Broken off or refused with an error of the registry's own. One that is silent or talks nonsense is no better a moment later. */
const isWorthRetrying = (error: unknown): boolean =>
  error instanceof RegistryFault && (error.reason === 'connection' || error.reason === 'status');

const isBreakerTimeout = (error: unknown): boolean => (error as { code?: string } | null)?.code === 'ETIMEDOUT';
