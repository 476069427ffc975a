import { readFileSync, renameSync, writeFileSync } from 'node:fs';

import type { Clock } from '../clock/clock.js';
import type { Client, ClientSource } from './clients.js';

const WRITE_EVERY_MS = 60_000;

/** Makes bytes of text that only we can read, and the other way round. */
export interface Sealer {
  seal(text: string): Buffer;
  /** Throws when the bytes are not ours. */
  open(sealed: Buffer): string;
}

/**
 * The clients, also when the store is away at the start: as they were when an earlier process last read them, sealed beside
 * the replica. Once they have been read from the store a failure is the caller's to see, who goes on with what he has.
 */
export class KeptClients implements ClientSource {
  private hasBeenRead = false;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: ClientSource,
    private readonly path: string,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    /** Clients kept for longer than this are not let in: one of them may have been revoked. */
    private readonly usableForMs: number,
  ) {}

  async all(): Promise<readonly Client[]> {
    try {
      const clients = await this.source.all();
      this.hasBeenRead = true;
      this.keep(clients);
      return clients;
    } catch (error) {
      const kept = this.hasBeenRead ? undefined : this.kept();
      if (kept === undefined) throw error;
      return kept;
    }
  }

  private keep(clients: readonly Client[]): void {
    const now = this.clock.now();
    if (now - this.writtenAt < WRITE_EVERY_MS) return;
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, this.sealer.seal(JSON.stringify({ readAt: now, clients })), { mode: 0o600 });
    renameSync(draft, this.path);
    this.writtenAt = now;
  }

  private kept(): readonly Client[] | undefined {
    try {
      const { readAt, clients } = JSON.parse(this.sealer.open(readFileSync(this.path))) as {
        readAt: number;
        clients: readonly Client[];
      };
      return this.clock.now() - readAt <= this.usableForMs ? clients : undefined;
    } catch {
      // Never written, or not ours.
      return undefined;
    }
  }
}
