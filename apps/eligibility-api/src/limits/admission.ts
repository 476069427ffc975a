import { Logger } from '@nestjs/common';

/**
 * What is asked, in the order in which it is set aside when there is too much: batches first, then calculators, lists and past
 * checks, then checks that have to be worked out, then tokens, without which nobody checks in for long, and last checks with an
 * answer ready.
 */
export type RequestClass = 'batch' | 'other' | 'worked-out' | 'token' | 'ordinary';

/** What there was too much of: waiting for a turn of the event loop, checks in one turn, or requests under way. */
export type Because = 'delay' | 'turn' | 'under-way';

/** At which share of the delay that is too much a class is set aside, and how many of the places of requests under way it may take. */
const SHARES: Readonly<Record<Exclude<RequestClass, 'ordinary'>, { readonly delay: number; readonly places: number }>> =
  {
    batch: { delay: 0.25, places: 0.25 },
    other: { delay: 0.5, places: 0.5 },
    'worked-out': { delay: 0.75, places: 1 },
    token: { delay: 1, places: 0 },
  };
/**
 * Requests for tokens have places of their own: who floods them keeps no check waiting, and a registry that hangs keeps nobody from
 * a token. A secret that was not verified before takes 50 ms of a core, two at a time: the last of so many waits for two seconds.
 */
const TOKENS_MAX = 64;

/** What an ordinary check is taken to cost before any was answered, in milliseconds: a cold process is slower than that, and allowed to be. */
const CHECK_MS = 0.1;
/** One turn counts for so much of the average. */
const WEIGHT = 0.1;
/** A turn in which the machine did something else counts as one that was so many times slower. */
const OUTLIER = 4;
/** Turns with fewer checks say more about turns than about checks. */
const CHECKS_MIN = 8;
/** So many are always taken into a turn. */
const TURN_MIN = 128;
/** So many turns' worth are taken at once while no delay stands: a burst is worked off and over. */
const BURST_TURNS = 4;
/** What a pause left is worked off in this time where checks alone are not too many: nobody is turned away for it. */
const WORKED_OFF_MS = 400;

/** Over so long it is looked at how much of the time checks take. */
const SHARE_WINDOW_MS = 10;
/**
 * Of the time, answering alone: with reading and writing, and what the keeper takes of a core it shares, that is some two thirds
 * of what there is. What may wait then begins now and then only.
 */
const CHECKS_MOST = 0.35;

/** Of what could be answered. */
const RETURNS = 0.5;
const RETURNS_UNDER_LOAD = 0.1;
const RETURN_WITHIN_MS = 3_000;

export interface AdmissionParts {
  readonly delay: { readonly standingMs: number; readonly stoodMs: number };
  /** The delay of the event loop that is too much, in milliseconds. */
  readonly delayMsMax: number;
  /** Requests that wait for something other than the processor: the registry, PostgreSQL, a token's verification. */
  readonly underWayMax: number;
  readonly shed: (what: RequestClass, because: Because) => void;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

/** Who is let in. What it goes by is how long things wait here, never how busy the processor is: that it should be. */
export class Admission {
  private readonly logger = new Logger('Limits');
  private checkMs = CHECK_MS;
  private underWay = 0;
  private tokens = 0;
  private checksMs = 0;
  private lookedAt: number;
  private checksTakeMost = false;
  private turnedAway = new Map<string, number>();

  constructor(private readonly parts: AdmissionParts) {
    this.lookedAt = parts.now();
  }

  /** Whether one more ordinary check would be too many for this turn of the event loop, `waiting` being in it. */
  isTurnFull(waiting: number): boolean {
    if (waiting < TURN_MIN) return false;
    const { delay, delayMsMax } = this.parts;
    const ms = waiting * this.checkMs;
    if (ms >= delayMsMax * BURST_TURNS) return true;
    return ms >= delayMsMax && delay.standingMs > delayMsMax / 2 && delay.stoodMs >= WORKED_OFF_MS;
  }

  /**
   * How many connections that rest may be read from again in a millisecond. While things come late, a tenth of what could be
   * answered, since whoever is answered asks again as well; and all of them within three seconds, as `Retry-After` has it.
   */
  returnsPerMs(resting: number): number {
    const { delay, delayMsMax } = this.parts;
    const answered = 1 / this.checkMs;
    return delay.standingMs > delayMsMax * SHARES.batch.delay
      ? Math.max(answered * RETURNS_UNDER_LOAD, resting / RETURN_WITHIN_MS)
      : answered * RETURNS;
  }

  /** Checks of a turn were answered, which took this long without reading them. */
  turnTook(checks: number, ms: number): void {
    this.checksMs += ms;
    if (checks < CHECKS_MIN) return;
    this.checkMs += WEIGHT * (Math.min(ms / checks, this.checkMs * OUTLIER) - this.checkMs);
  }

  /** Why not, where a request of this class may not begin. */
  refuses(what: Exclude<RequestClass, 'ordinary'>): Because | undefined {
    const { delay, delayMsMax, underWayMax } = this.parts;
    const { delay: ofDelay, places } = SHARES[what];
    if (delay.standingMs > delayMsMax * ofDelay) return 'delay';
    const isFull = what === 'token' ? this.tokens >= TOKENS_MAX : this.underWay >= Math.max(1, underWayMax * places);
    return isFull ? 'under-way' : undefined;
  }

  /** Whether checks take most of the time there is: whatever else began in the little that is left would make them wait. */
  get isCheckInFirst(): boolean {
    const now = this.parts.now();
    const passed = now - this.lookedAt;
    if (passed >= SHARE_WINDOW_MS) {
      this.checksTakeMost = this.checksMs / passed > CHECKS_MOST;
      this.checksMs = 0;
      this.lookedAt = now;
    }
    return this.checksTakeMost;
  }

  begin(): void {
    this.underWay += 1;
  }

  /** Of one that began. */
  readonly end = (): void => {
    this.underWay -= 1;
  };

  beginToken(): void {
    this.tokens += 1;
  }

  readonly endToken = (): void => {
    this.tokens -= 1;
  };

  shed(what: RequestClass, because: Because): void {
    this.parts.shed(what, because);
    const name = `${what} ${because}`;
    this.turnedAway.set(name, (this.turnedAway.get(name) ?? 0) + 1);
  }

  /** One line for all that were turned away since the last time, if any were: a line for each would be part of the overload. */
  report(): void {
    if (this.turnedAway.size === 0) return;
    this.logger.warn({ event: 'turned-away', ...Object.fromEntries(this.turnedAway) });
    this.turnedAway = new Map();
  }
}
