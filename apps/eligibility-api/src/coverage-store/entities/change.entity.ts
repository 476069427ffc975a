import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The outbox: one row for every person whose facts a transaction changed, written by triggers in that same transaction.
 * Read in commit order by the transaction's id: everything below the oldest one still running is complete.
 */
@Entity('fact_change')
@Index('fact_change_transaction', ['transactionId'])
export class FactChangeEntity {
  @PrimaryColumn({
    name: 'change_id',
    type: 'bigint',
    primaryKeyConstraintName: 'fact_change_pk',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
  })
  changeId: string;

  /** Full transaction id (never wraps), as a number so that it can be compared with a snapshot's. */
  @Column({ name: 'transaction_id', type: 'bigint' })
  transactionId: string;

  /** 0 stands for everybody: a table was emptied. */
  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @Column({ name: 'noted_at', type: 'timestamptz', precision: 0, default: () => 'now()' })
  notedAt: Date;
}

/** How far the outbox has been pruned: one row. */
@Entity('outbox')
@Check('outbox_one_row', `id = 1`)
export class OutboxEntity {
  @PrimaryColumn({ name: 'id', type: 'smallint', primaryKeyConstraintName: 'outbox_pk' })
  id: number;

  /** Rows of transactions up to this one may be gone. */
  @Column({ name: 'pruned_through', type: 'bigint' })
  prunedThrough: string;
}

/** What the demo population in this database is, so that it is loaded once. */
@Entity('demo_population')
export class DemoPopulationEntity {
  @PrimaryColumn({ name: 'id', type: 'smallint', primaryKeyConstraintName: 'demo_population_pk' })
  id: number;

  @Column({ name: 'size', type: 'integer' })
  size: number;

  /** Changes when what is loaded would differ: a hash of size, seed data and scenario definitions. */
  @Column({ name: 'fingerprint', type: 'text' })
  fingerprint: string;
}
