import type { BeforeApplicationShutdown } from '@nestjs/common';

/** Ready once started, until told to stop. */
export class Readiness implements BeforeApplicationShutdown {
  status: 'starting' | 'ready' | 'stopping' = 'starting';

  started(): void {
    if (this.status === 'starting') this.status = 'ready';
  }

  /** Said before anything is closed, so that nobody new is sent here. */
  stopping(): void {
    this.status = 'stopping';
  }

  beforeApplicationShutdown(): void {
    this.stopping();
  }
}
