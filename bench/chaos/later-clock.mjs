import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * Loaded before a process under test (`node --import`): its clock, and the times of its files, are later by CHAOS_LATER_MS. Nobody may
 * set a machine's clock for a test, and the service has no opening for another. Timers and `performance.now()` go as they do.
 */

const laterMs = Number(process.env.CHAOS_LATER_MS);
const RealDate = Date;

globalThis.Date = /** @type {DateConstructor} */ (
  class extends RealDate {
    /** @param {[]} given */
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + laterMs);
      else super(...given);
    }

    /** @override */
    static now() {
      return RealDate.now() + laterMs;
    }
  }
);

// A journal that seems not to have been touched for days would be taken for one that was left behind.
const { stat } = fs.promises;
Object.assign(fs.promises, {
  /** @param {Parameters<typeof stat>} given */
  stat: async (...given) => {
    const found = await stat(...given);
    if (found !== undefined) found.mtimeMs = Number(found.mtimeMs) + laterMs;
    return found;
  },
});
syncBuiltinESMExports();
