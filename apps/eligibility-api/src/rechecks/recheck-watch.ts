import type { RecheckFigures, Rechecks } from './rechecks.js';

/** How many wait, as last read from the store. */
export class RecheckWatch {
  figures: RecheckFigures = { pending: {}, changesBehindMs: 0 };

  constructor(private readonly rechecks: Pick<Rechecks, 'figures'>) {}

  async look(): Promise<void> {
    this.figures = await this.rechecks.figures();
  }
}
