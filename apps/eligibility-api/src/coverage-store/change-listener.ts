import { Client } from 'pg';

const AGAIN_AFTER_MS = 1_000;

/**
 * Hears when a transaction that changed facts commits, on a connection of its own. A notice may be lost with a connection, so
 * whoever listens looks by himself now and then as well: this only makes it sooner.
 */
export class ChangeListener {
  private client: Client | undefined;
  private again: NodeJS.Timeout | undefined;
  private stopped = false;
  private heard: () => void = () => {};

  constructor(
    private readonly connection: { readonly url: string; readonly timeoutMs: number; readonly applicationName: string },
  ) {}

  start(heard: () => void): void {
    this.heard = heard;
    void this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.again);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.connection.url,
      connectionTimeoutMillis: this.connection.timeoutMs,
      application_name: this.connection.applicationName,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', () => this.heard());
    // Both come when a connection is cut; the first one counts.
    client.once('error', () => this.lost(client));
    client.once('end', () => this.lost(client));
    try {
      await client.connect();
      await client.query('listen fact_change');
      // What was committed while nobody listened.
      this.heard();
    } catch {
      this.lost(client);
    }
  }

  private lost(client: Client): void {
    if (this.client !== client || this.stopped) return;
    this.client = undefined;
    // Errors of a connection that is being given up are nobody's.
    client.on('error', () => {});
    void client.end().catch(() => {});
    this.again = setTimeout(() => void this.connect(), AGAIN_AFTER_MS);
  }
}
