import type { ChildProcess } from 'node:child_process';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';

/** A process that does not say its figures within this time is left out. */
const SAYS_WITHIN_MS = 1_000;

type Figures = MetricObjectWithValues<MetricValue<string>>[];

interface Asked {
  readonly metrics: 'say' | 'gather';
  readonly id: number;
}
interface Said {
  readonly said: Figures | string;
  readonly id: number;
}

let questions = 0;

/** Asks another process of ours for its figures, or for those of all. Undefined when it does not say. */
const ask = (other: NodeJS.Process | ChildProcess, what: Asked['metrics']): Promise<Figures | string | undefined> =>
  new Promise((resolve) => {
    const id = (questions += 1);
    const done = (said: Figures | string | undefined): void => {
      clearTimeout(late);
      other.off('message', hear);
      resolve(said);
    };
    const hear = (message: unknown): void => {
      const { said, id: of } = message as Partial<Said>;
      if (said !== undefined && of === id) done(said);
    };
    const late = setTimeout(() => done(undefined), SAYS_WITHIN_MS);
    other.on('message', hear);
    other.send?.({ metrics: what, id } satisfies Asked);
  });

/** What each process says by itself, added up or as each metric says (`aggregator`). */
const together = (all: readonly (Figures | string | undefined)[]): Promise<string> =>
  AggregatorRegistry.aggregate(all.filter((one) => typeof one === 'object')).metrics();

/** Tells the parent process its figures when asked. */
export const sayMetrics = (own: Registry): void => {
  process.on('message', (message: unknown) => {
    const { metrics, id } = message as Partial<Asked>;
    if (metrics !== 'say' || id === undefined) return;
    void own.getMetricsAsJSON().then((said) => process.send?.({ said, id } satisfies Said));
  });
};

/** The figures of this process and of those it started. */
export const gatherFrom = async (
  own: Registry | undefined,
  children: () => readonly (ChildProcess | undefined)[],
): Promise<string> =>
  together(
    await Promise.all([
      own?.getMetricsAsJSON(),
      ...children().flatMap((child) => (child === undefined ? [] : [ask(child, 'say')])),
    ]),
  );

/** For the process that started the others: gathers when one of them is asked by a scraper. */
export const gatherFor = (child: ChildProcess, gather: () => Promise<string>): void => {
  child.on('message', (message: unknown) => {
    const { metrics, id } = message as Partial<Asked>;
    if (metrics !== 'gather' || id === undefined) return;
    void gather().then((said) => child.connected && child.send({ said, id } satisfies Said));
  });
};

/** The figures of all, by way of the process that started this one. */
export const gatherByParent = async (own: Registry): Promise<string> => {
  const said = await ask(process, 'gather');
  return typeof said === 'string' ? said : own.metrics();
};
