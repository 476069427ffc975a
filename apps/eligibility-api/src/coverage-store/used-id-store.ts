import type { DataSource } from 'typeorm';

import type { SharedUses } from '../access/used-once.js';

/** What was used by any process, in PostgreSQL. */
export class UsedIdStore implements SharedUses {
  constructor(private readonly dataSource: DataSource) {}

  async note(idHash: Buffer, until: number): Promise<boolean> {
    const noted = await this.dataSource.query<unknown[]>(
      'insert into used_id (id_hash, until) values ($1, $2) on conflict do nothing returning true',
      [idHash, new Date(until)],
    );
    return noted.length === 1;
  }

  async forget(before: number): Promise<void> {
    await this.dataSource.query('delete from used_id where until < $1', [new Date(before)]);
  }
}
