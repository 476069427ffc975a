import type { JlisFault, JlisFaults, JlisOperation } from '@app/contracts/jlis';

import type { Clock } from '../clock/clock.js';
import { GARBAGE_KINDS, type GarbageKind } from './garbage.js';

const DEFAULT_FLAP_PERIOD_MS = 5000;

/** What becomes of one call, after `latencyMs` milliseconds. */
export type Outcome = { latencyMs: number } & (
  { kind: 'answer' } | { kind: 'error' } | { kind: 'hang' } | { kind: 'reset' } | { kind: 'garbage'; as: GarbageKind }
);

/** The fault switches. Nothing is left to chance: the nth call since the switches were set always fares the same. */
export class Faults {
  #faults: JlisFaults = {};
  #setAt = 0;
  #calls = new Map<JlisOperation, number>();

  constructor(private readonly clock: Clock) {}

  get current(): JlisFaults {
    return this.#faults;
  }

  /** Replaces every switch and begins to count calls anew; an empty object heals all. */
  replace(faults: JlisFaults): void {
    this.#faults = faults;
    this.#setAt = this.clock.now();
    this.#calls = new Map();
  }

  /** Decides on the next call of an operation. */
  next(operation: JlisOperation): Outcome {
    const fault = this.#faults[operation] ?? this.#faults.all;
    const call = this.#calls.get(operation) ?? 0;
    this.#calls.set(operation, call + 1);
    if (fault === undefined) return { kind: 'answer', latencyMs: 0 };
    return { latencyMs: fault.latencyMs ?? 0, ...this.#outcome(fault, call) };
  }

  #outcome(
    fault: JlisFault,
    call: number,
  ): { kind: 'answer' | 'error' | 'hang' | 'reset' } | { kind: 'garbage'; as: GarbageKind } {
    switch (fault.mode) {
      case 'none':
        return { kind: 'answer' };
      case 'error': {
        const rate = fault.errorRate ?? 1;
        // Spreads the failures evenly: with 0.5 every second call, with 0.1 every tenth.
        return { kind: Math.floor((call + 1) * rate) > Math.floor(call * rate) ? 'error' : 'answer' };
      }
      case 'hang':
      case 'reset':
        return { kind: fault.mode };
      case 'garbage':
        return { kind: 'garbage', as: GARBAGE_KINDS[call % GARBAGE_KINDS.length] ?? 'not-json' };
      case 'flapping': {
        const halves = Math.floor((this.clock.now() - this.#setAt) / (fault.flapPeriodMs ?? DEFAULT_FLAP_PERIOD_MS));
        return { kind: halves % 2 === 0 ? 'error' : 'answer' };
      }
    }
  }
}
