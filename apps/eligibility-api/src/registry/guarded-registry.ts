import type { Clock } from '../clock/clock.js';
import { GuardedCalls, type BreakerState, type GuardOptions } from './guarded-calls.js';
import type { CertificateStatus, Registry } from './registry.js';

export type { GuardOptions } from './guarded-calls.js';

/** A serial that no certificate authority issues. */
const NOBODYS_SERIAL = '0000000000000000';

/** The registry behind a circuit breaker. */
export class GuardedRegistry implements Registry {
  private readonly calls: GuardedCalls<string, CertificateStatus>;

  constructor(
    ask: (serial: string, withinMs: number) => Promise<CertificateStatus>,
    clock: Clock,
    options: GuardOptions,
  ) {
    this.calls = new GuardedCalls({ name: 'registry', ask }, clock, options);
  }

  certificateStatus(serial: string, withinMs?: number): Promise<CertificateStatus> {
    return this.calls.call(serial, withinMs);
  }

  /**
   * Asks about nobody's certificate when the breaker is waiting for a call to try. Without it a clinic that sends known cards
   * only would hear that the registry is away until somebody happens to send an unknown one.
   */
  probe(): Promise<void> {
    return this.calls.probe(NOBODYS_SERIAL);
  }

  get isClosed(): boolean {
    return this.calls.isClosed;
  }

  /** When it last opened, epoch milliseconds, while it is not closed. */
  get openedAt(): number | undefined {
    return this.calls.openedAt;
  }

  get state(): BreakerState {
    return this.calls.state;
  }

  close(): void {
    this.calls.close();
  }
}
