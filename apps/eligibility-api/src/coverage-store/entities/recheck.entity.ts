import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An answer that is to be checked again, and what came of it. The question is here until then and not a moment longer. */
@Entity('recheck')
@Check(
  'recheck_reason',
  `reason in ('registry-unavailable', 'database-unavailable', 'replica-behind', 'retroactive-change')`,
)
@Check('recheck_outcome', `outcome in ('changed', 'unchanged', 'given-up', 'unreadable')`)
@Check('recheck_ended', `(ended_at is null) = (outcome is null)`)
@Check('recheck_question_until_ended', `(question is null) = (ended_at is not null)`)
@Check(
  'recheck_whole',
  `(outcome = 'changed') = (changed is not null) and (outcome <> 'changed' or recheck_id is not null)`,
)
@Index('recheck_open', ['checkId'], { unique: true, where: 'ended_at is null' })
@Index('recheck_check', ['checkId'])
@Index('recheck_pending', ['id'], { where: 'ended_at is null' })
@Index('recheck_listed', ['institutionCode', 'recheckId'], { where: `outcome = 'changed'` })
@Index('recheck_result', ['recheckId'], { where: 'recheck_id is not null' })
@Index('recheck_ended_at', ['endedAt'], { where: 'ended_at is not null' })
export class RecheckEntity {
  @PrimaryColumn({
    name: 'id',
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'recheck_pk',
  })
  id: string;

  /** The answer that is to be checked again. */
  @Column({ name: 'check_id', type: 'uuid' })
  checkId: string;

  /** Of that answer: says in which partition it lies. */
  @Column({ name: 'checked_at', type: 'timestamptz', precision: 3 })
  checkedAt: Date;

  @Column({ name: 'institution_code', type: 'text' })
  institutionCode: string;

  /** `freshness.degraded.reason` of the answer, or that something was filed which reaches back. */
  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'noted_at', type: 'timestamptz', precision: 3 })
  notedAt: Date;

  /** Facts from before this instant say nothing new. */
  @Column({ name: 'facts_from', type: 'timestamptz', precision: 3 })
  factsFrom: Date;

  /** What was asked, sealed; erased when it has been asked again. */
  @Column({ name: 'question', type: 'bytea', nullable: true })
  question: Buffer | null;

  /** The process that works on it. When the lease runs out another may. */
  @Column({ name: 'lease_owner', type: 'uuid', nullable: true })
  leaseOwner: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', precision: 3, nullable: true })
  leaseUntil: Date | null;

  @Column({ name: 'takes', type: 'integer', default: 0 })
  takes: number;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome: string | null;

  /** The check that asked again; null where that was not put on record, as nothing had changed. */
  @Column({ name: 'recheck_id', type: 'uuid', nullable: true })
  recheckId: string | null;

  /** What differs from the answer that was given. */
  @Column({ name: 'changed', type: 'text', array: true, nullable: true })
  changed: string[] | null;
}

/** How far the outbox has been read for changes that reach back: everything up to this person of this transaction. */
@Entity('recheck_position')
@Check('recheck_position_one_row', 'id = 1')
export class RecheckPositionEntity {
  @PrimaryColumn({ name: 'id', type: 'smallint', primaryKeyConstraintName: 'recheck_position_pk' })
  id: number;

  /** Another server's transaction numbers mean nothing. */
  @Column({ name: 'cluster', type: 'text' })
  cluster: string;

  @Column({ name: 'transaction_id', type: 'bigint' })
  transactionId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @Column({ name: 'lease_owner', type: 'uuid', nullable: true })
  leaseOwner: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', precision: 3, nullable: true })
  leaseUntil: Date | null;
}
