import { Counter, type Registry } from 'prom-client';

import { Kept } from './kept.js';

/** Counts of one series that its metric has not been told of. */
interface Untold<Label extends string> {
  readonly labels: Record<Label, string>;
  times: number;
}

/**
 * A counter that is told when it is read: it would check and hash its labels each time, which for the three counters of a check
 * is a microsecond and a half.
 */
export class Tally<Label extends string> {
  private readonly series: Kept<Untold<Label>>;
  private readonly all: Untold<Label>[] = [];

  constructor(labelNames: readonly Label[], configuration: { name: string; help: string; registers: Registry[] }) {
    this.series = new Kept((...values) => {
      const labels = Object.fromEntries(labelNames.map((name, i) => [name, values[i]])) as Record<Label, string>;
      const made = { labels, times: 0 };
      this.all.push(made);
      return made;
    });
    const { all } = this;
    const counter: Counter<Label> = new Counter({
      ...configuration,
      labelNames: [...labelNames],
      collect: () => {
        for (const untold of all) {
          counter.inc(untold.labels, untold.times);
          untold.times = 0;
        }
      },
    });
  }

  /** One more of these labels' values, in the order of their names. */
  count(first: string, second?: string, third?: string): void {
    this.series.of(first, second, third).times += 1;
  }
}
