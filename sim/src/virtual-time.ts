interface Entry {
  at: number;
  readonly order: number;
  readonly owner: number;
  readonly run: () => void;
  readonly everyMs: number | undefined;
  cancelled: boolean;
}

/** What `setTimeout` gives, as far as anybody looks at it. */
export class Timer {
  constructor(readonly entry: Entry) {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

/** The real one, kept before anything is replaced: when it fires, every promise that could go on has. */
const realImmediate = setImmediate;
const everythingThatCan = (): Promise<void> => new Promise((resolve) => void realImmediate(resolve));

/**
 * One clock and one queue of what is to happen, in place of the machine's. Between two events everything that can go on goes
 * on, and then time moves to the next: so a simulated hour takes as long as what happens in it, and happens the same each time.
 *
 * Whatever a process begins carries its number (`owner`). A process that was killed never hears of it again.
 */
export class VirtualTime {
  /** True time, epoch milliseconds. Nobody under test sees it: they see `wall()`. */
  now: number;
  /** True time without the stretches in which the machine slept. */
  running = 0;
  /** Whose event is being worked on. 0 is the world itself. */
  owner = 0;

  private order = 0;
  private heap: Entry[] = [];
  private immediates: { readonly run: () => void; readonly owner: number }[] = [];
  private readonly killed = new Set<number>();
  private readonly skews: { readonly from: number; readonly skew: number }[];
  private looks = 0;

  constructor(begin: number) {
    this.now = begin;
    this.skews = [{ from: Number.NEGATIVE_INFINITY, skew: 0 }];
  }

  /** The machine's clock, which may be wrong. */
  wall(): number {
    return this.now + this.skew;
  }

  get skew(): number {
    return this.skews.at(-1)?.skew ?? 0;
  }

  /** Sets the machine's clock forward or back. */
  jump(ms: number): void {
    this.skews.push({ from: this.now, skew: this.skew + ms });
  }

  /** The true instants at which the machine's clock showed this, first and last; clocks that were set back show it twice. */
  trueOf(wall: number): { readonly first: number; readonly last: number } {
    let first: number | undefined;
    let last = this.now;
    for (const [i, { from, skew }] of this.skews.entries()) {
      const to = this.skews[i + 1]?.from ?? this.now;
      const at = wall - skew;
      if (at > to) continue;
      // Shown by no clock, as it was set forward over it: the instant at which that was done.
      const then = Math.max(at, from);
      first ??= then;
      if (at >= from) last = then;
    }
    first ??= this.now;
    return { first, last: Math.max(first, last) };
  }

  /** By how much the clock was set back, all in all, since a true instant. */
  setBackSince(at: number): number {
    let sum = 0;
    for (let i = 1; i < this.skews.length; i += 1) {
      const { from, skew } = this.skews[i] as { from: number; skew: number };
      const by = (this.skews[i - 1]?.skew ?? 0) - skew;
      if (from >= at && by > 0) sum += by;
    }
    return sum;
  }

  /** For `performance.now()`: stands still but for a quarter of a millisecond at every look, so that slices of work do end. */
  monotonic(): number {
    this.looks += 1;
    return this.now + this.looks * 0.25;
  }

  after(ms: number, run: () => void, everyMs?: number): Timer {
    this.order += 1;
    const entry: Entry = {
      at: this.now + Math.max(0, Number.isFinite(ms) ? ms : 0),
      order: this.order,
      owner: this.owner,
      run,
      everyMs,
      cancelled: false,
    };
    this.push(entry);
    return new Timer(entry);
  }

  cancel(timer: unknown): void {
    if (timer instanceof Timer) timer.entry.cancelled = true;
  }

  soon(run: () => void): void {
    this.immediates.push({ run, owner: this.owner });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Nothing that this process began goes on. */
  kill(owner: number): void {
    this.killed.add(owner);
    this.heap = this.heap.filter((entry) => entry.owner !== owner);
    // What is left of an order is no heap.
    this.heap.sort(before);
  }

  /** Does something as a process, and everything that follows from it at once. */
  async as(owner: number, work: () => void): Promise<void> {
    this.owner = owner;
    work();
    await this.settle();
    this.owner = 0;
  }

  /** Lets time go by, with everything that happens in it. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    for (let next = this.heap[0]; next !== undefined && next.at <= until; next = this.heap[0]) {
      this.pop();
      if (next.cancelled || this.killed.has(next.owner)) continue;
      if (next.at > this.now) this.moveTo(next.at);
      this.owner = next.owner;
      if (next.everyMs !== undefined) {
        next.at = this.now + next.everyMs;
        this.push(next);
      }
      next.run();
      await this.settle();
    }
    this.owner = 0;
    this.moveTo(until);
  }

  /** The machine sleeps: time goes by and nothing happens. What was due then happens when it wakes. */
  suspend(ms: number): void {
    this.now += ms;
  }

  /** Ends when nothing can go on without time going by. */
  async settle(): Promise<void> {
    const { owner } = this;
    for (;;) {
      await everythingThatCan();
      const batch = this.immediates;
      if (batch.length === 0) break;
      this.immediates = [];
      for (const { run, owner: whose } of batch) {
        if (this.killed.has(whose)) continue;
        this.owner = whose;
        run();
      }
    }
    this.owner = owner;
  }

  private moveTo(at: number): void {
    this.running += Math.max(0, at - this.now);
    this.now = Math.max(this.now, at);
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent] as Entry, entry) <= 0) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry) < 0) child += 1;
      if (before(last, heap[child] as Entry) <= 0) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}

const before = (a: Entry, b: Entry): number => a.at - b.at || a.order - b.order;
