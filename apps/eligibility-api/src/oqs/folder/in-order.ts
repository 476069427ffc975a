/** Does something after those before it have, or have ended without. */
export type InTurn = <T>(output: () => Promise<T>) => Promise<T>;
type Work = (inTurn: InTurn) => Promise<void>;

/**
 * Works on several things at a time, begun in the order in which they came. What each puts out it does `inTurn`.
 */
export class InOrder {
  private readonly queue: Work[] = [];
  private underWay = 0;
  private last: Promise<void> = Promise.resolve();
  private whenIdle: (() => void)[] = [];

  constructor(private readonly atOnce: number) {}

  /** `work` must not reject. */
  add(work: Work): void {
    this.queue.push(work);
    this.next();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    this.queue.length = 0;
    if (this.underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  private next(): void {
    while (this.underWay < this.atOnce) {
      const work = this.queue.shift();
      if (work === undefined) return;
      this.underWay += 1;
      void this.begin(work);
    }
  }

  private async begin(work: Work): Promise<void> {
    const before = this.last;
    let pass: () => void = () => {};
    this.last = new Promise((resolve) => (pass = resolve));
    try {
      await work(async (output) => {
        await before;
        try {
          return await output();
        } finally {
          pass();
        }
      });
    } finally {
      // Whoever put nothing out keeps nobody waiting, nor lets anybody past those before it.
      void before.then(pass);
      this.underWay -= 1;
      this.next();
      if (this.underWay === 0) for (const done of this.whenIdle.splice(0)) done();
    }
  }
}
