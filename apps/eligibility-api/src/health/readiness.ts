import type { BeforeApplicationShutdown } from '@nestjs/common';

/** Ready once started, until told to stop. */
export class Readiness implements BeforeApplicationShutdown {
  status: 'starting' | 'ready' | 'stopping' = 'starting';

  started(): void {
    if (this.status === 'starting') this.status = 'ready';
  }

  beforeApplicationShutdown(): void {
    this.status = 'stopping';
  }
}
