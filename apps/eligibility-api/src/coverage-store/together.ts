import { setImmediate } from 'node:timers/promises';

interface Waiting<One, Came> {
  readonly one: One;
  readonly resolve: (came: Came) => void;
  readonly reject: (error: unknown) => void;
}

export interface TogetherOptions {
  readonly atOnceMax: number;
  /** Whoever comes first waits so long for others, milliseconds; 0 for work that somebody is waiting for. */
  readonly gatherMs: number;
}

/**
 * Does together what is asked for at about one time, or while the work before is under way, as a database commits in groups: thirty at once
 * cost about what three do.
 */
export class Together<One, Came> {
  private waiting: Waiting<One, Came>[] = [];
  private isUnderWay = false;
  private thatIsEnough: () => void = () => {};

  /** @param work Says what became of each, in their order; where it rejects, it does for all of them. */
  constructor(
    private readonly work: (all: readonly One[]) => Promise<readonly Came[]>,
    private readonly options: TogetherOptions,
  ) {}

  do(one: One): Promise<Came> {
    const { promise, resolve, reject } = Promise.withResolvers<Came>();
    this.waiting.push({ one, resolve, reject });
    if (!this.isUnderWay) void this.goOn();
    else if (this.waiting.length >= this.options.atOnceMax) this.thatIsEnough();
    return promise;
  }

  private async goOn(): Promise<void> {
    this.isUnderWay = true;
    while (this.waiting.length > 0) {
      if (this.waiting.length < this.options.atOnceMax) await this.others();
      const all = this.waiting.splice(0, this.options.atOnceMax);
      try {
        const came = await this.work(all.map(({ one }) => one));
        if (came.length !== all.length) throw new Error('not everybody was told what became of them');
        for (const [at, { resolve }] of all.entries()) resolve(came[at] as Came);
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.isUnderWay = false;
  }

  /** Whoever comes in the same turn comes along, and whoever comes while the first may be kept waiting. */
  private others(): Promise<void> {
    const { gatherMs } = this.options;
    if (gatherMs === 0) return setImmediate();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, gatherMs);
      this.thatIsEnough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
