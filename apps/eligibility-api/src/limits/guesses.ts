import { Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';

/** How many may be answered "nobody" at once to a client that is slowed. */
const PLACES = 4;
const WINDOW_MS = 3_600_000;

export interface GuessesParts {
  /** Different wrong keys a client may ask about in an hour before it is slowed. */
  readonly keysMax: number;
  /** How long an answer "nobody" to a slowed client takes its place. */
  readonly holdMs: number;
  /** A key that was wrong for the first time in the hour; `slowed`, where its client is past its limit. */
  readonly noted: (slowed: boolean) => void;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly wait?: (ms: number) => Promise<void>;
}

/** A place among those that are answered at once. */
export interface Place {
  /** Given up at once where somebody was found; resolves when the reply may leave. */
  leave(found: boolean): Promise<void>;
}

interface Guesser {
  /** Keyed hashes of what was wrong. */
  readonly keys: Set<string>;
  readonly endsAt: number;
  taken: number;
  readonly waiting: (() => void)[];
}

/**
 * Who guesses numbers or birthdates is slowed: by how many different ones were wrong, of one client in an hour, in this process. What is
 * asked about somebody who is found is never slowed, and nobody is locked out: neither the person who is guessed at, by whoever else asks
 * about them, nor the client, whose cards are answered as ever. Past the limit four questions by number are worked on at once; one that
 * finds nobody keeps its place for a while, so that guessing comes to two a second, however many ask at once and whether or not they
 * wait for the reply.
 */
export class Guesses {
  private readonly logger = new Logger('Guesses');
  private readonly guessers = new Map<string, Guesser>();

  constructor(private readonly parts: GuessesParts) {}

  isSlowed(clientId: string): boolean {
    const guesser = this.guessers.get(clientId);
    return guesser !== undefined && guesser.keys.size > this.parts.keysMax && this.parts.now() < guesser.endsAt;
  }

  /** Clients that are slowed now. */
  get slowed(): number {
    return [...this.guessers.keys()].filter((clientId) => this.isSlowed(clientId)).length;
  }

  /** For a client that is slowed; undefined where all places are taken. */
  enter(clientId: string): Place | undefined {
    const guesser = this.of(clientId);
    if (guesser.taken >= PLACES) return undefined;
    guesser.taken += 1;
    return this.place(guesser);
  }

  /** The same for what nobody waits for. */
  async entered(clientId: string): Promise<Place> {
    const guesser = this.of(clientId);
    if (guesser.taken < PLACES) guesser.taken += 1;
    else await new Promise<void>((resolve) => guesser.waiting.push(resolve));
    return this.place(guesser);
  }

  /** Nobody was found by this key: a keyed hash of all that was given. */
  failed(clientId: string, key: Buffer): void {
    const { keysMax, noted } = this.parts;
    const guesser = this.of(clientId);
    // One past the limit is all there is to know.
    if (guesser.keys.size > keysMax) {
      noted(true);
      return;
    }
    const text = key.toString('latin1');
    if (guesser.keys.has(text)) return;
    guesser.keys.add(text);
    const slowed = guesser.keys.size > keysMax;
    noted(slowed);
    if (slowed) this.logger.warn({ event: 'client-slowed', clientId, wrongKeys: guesser.keys.size });
  }

  private of(clientId: string): Guesser {
    const now = this.parts.now();
    let guesser = this.guessers.get(clientId);
    if (guesser === undefined || (now >= guesser.endsAt && guesser.taken === 0)) {
      guesser = { keys: new Set(), endsAt: now + WINDOW_MS, taken: 0, waiting: [] };
      this.guessers.set(clientId, guesser);
    }
    return guesser;
  }

  private place(guesser: Guesser): Place {
    const { holdMs, wait = (ms: number) => setTimeout(ms) } = this.parts;
    const free = (): void => {
      const next = guesser.waiting.shift();
      if (next === undefined) guesser.taken -= 1;
      else next();
    };
    return {
      leave: async (found) => {
        if (!found) await wait(holdMs);
        free();
      },
    };
  }
}
