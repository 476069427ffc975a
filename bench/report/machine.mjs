import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, arch, totalmem } from 'node:os';

import { checkout } from '../../scripts/stage-zero/paths.mjs';
import { isPinned, places } from '../cores.mjs';

/** Above this there is somebody else on the machine, and the figures are of both. */
const HIGH_LOAD_PER_CORE = 0.3;

/** @typedef {{ lines: string[], facts: object }} MachineReport */

/** Looks at the machine before anything starts. */
export class Machine {
  #before = loadavg();
  #began = new Date();

  /** What somebody else does here already. @returns {string | undefined} */
  get warning() {
    const [load = 0] = this.#before;
    return load > HIGH_LOAD_PER_CORE * availableParallelism()
      ? `The load average was ${load.toFixed(2)} on ${availableParallelism()} cores before anything started: others work on this machine, and the figures are of both. Ratios of one run suffer less than figures, and processor time least.`
      : undefined;
  }

  /** @returns {MachineReport} */
  report() {
    const after = loadavg();
    const shown = (/** @type {number[]} */ load) => load.map((value) => value.toFixed(2)).join(', ');
    const facts = {
      began: this.#began.toISOString(),
      ended: new Date().toISOString(),
      commit: commit(),
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      platform: `${platform()}-${arch()}`,
      node: process.version,
      loadBefore: this.#before,
      loadAfter: after,
      isPinned,
      places,
      warning: this.warning,
    };
    return {
      facts,
      lines: [
        `${facts.cpu}, ${facts.cores} cores, ${facts.memoryGb} GB, ${facts.platform}, Node ${facts.node}, commit ${facts.commit}`,
        `${facts.began} to ${facts.ended}; load average (1, 5, 15 minutes) before: ${shown(this.#before)}, after: ${shown(after)}`,
        isPinned
          ? `Server under test on core ${places.server}, load generator on ${places.load}, PostgreSQL and registry on ${places.others}; “everything on this machine” means on all of them.`
          : 'Nothing could be pinned to a core here (no taskset): servers and load generator share them as the system likes.',
        ...(facts.warning === undefined ? [] : [facts.warning]),
      ],
    };
  }
}

/** @returns {string} */
function commit() {
  try {
    const run = (/** @type {string[]} */ args) => execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).trim();
    return `${run(['rev-parse', '--short', 'HEAD'])}${run(['status', '--porcelain', '--untracked-files=no']) === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
