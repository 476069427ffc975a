import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import type { DropFolder, FolderEvent } from './drop-folder.js';

/** Answers in a folder for as long as the process runs. */
export class FolderService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private running: Promise<void> | undefined;

  /** `folder` is undefined where the process answers in none. */
  constructor(readonly folder: DropFolder | undefined) {}

  onApplicationBootstrap(): void {
    this.running = this.folder?.run();
  }

  /** Before the connections that answers need are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.folder?.stop();
    await this.running;
  }
}

/** Lines of the log: what went wrong, never a name of a file. Answers are counted and not logged. */
export const loggedEvents = (): ((event: FolderEvent) => void) => {
  const logger = new Logger('OqsFolder');
  return (event) => {
    if (event.kind === 'waiting') logger.warn({ event: `folder-${event.because}`, cause: event.cause });
    else if (event.kind === 'malformed')
      logger.debug({ event: 'folder-malformed', lane: event.lane, code: event.code });
  };
};
