import type { Batches, QueueFigures } from './batches.js';

/** What the queue was when it was last looked at, for whoever scrapes metrics: a scrape asks no database. */
export class QueueWatch {
  figures: QueueFigures = { queued: 0, running: 0 };

  constructor(private readonly batches: Batches) {}

  async look(): Promise<void> {
    this.figures = await this.batches.figures();
  }
}
