import type { Keeper } from './keeper.js';
import type { ReplicaReader } from './replica-reader.js';
import type { ReplicatedFacts } from './replicated-facts.js';

/** What operators see of the replica. `NaN` where there is nothing to say. */
export interface ReplicaStatus {
  readonly current: boolean;
  readonly keeper: boolean;
  readonly lagSeconds: number;
  readonly ageSeconds: number;
  readonly people: number;
  readonly cards: number;
  readonly readyAnswers: number;
  /** Share of the snapshot that is being loaded; 1 while none is. */
  readonly loading: number;
  readonly heldBackSeconds: number;
  readonly stale: number;
  readonly unready: number;
}

export const replicaStatus = (
  keeper: Pick<Keeper, 'progress' | 'isKeeper' | 'heldBackMs'>,
  { state }: Pick<ReplicaReader, 'state'>,
  facts: Pick<ReplicatedFacts, 'isCurrent'>,
  now: number,
): ReplicaStatus => {
  const { progress } = keeper;
  return {
    current: facts.isCurrent,
    keeper: keeper.isKeeper,
    lagSeconds: state === undefined ? Number.NaN : (now - state.asOf) / 1000,
    ageSeconds: state === undefined ? Number.NaN : (now - state.begunAt) / 1000,
    people: state?.people ?? 0,
    cards: state?.cards ?? 0,
    readyAnswers: state?.ready ?? 0,
    loading: progress === undefined ? 1 : progress.done / Math.max(1, progress.total, progress.done),
    stale: state?.stale ?? 0,
    unready: state?.unready ?? 0,
    heldBackSeconds: keeper.heldBackMs / 1000,
  };
};
