import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

/** A batch of people to be asked about. Deleted some days after it ended; the checks themselves are on record elsewhere. */
@Entity('eligibility_batch')
@Check('eligibility_batch_state', `state in ('queued', 'running', 'finished', 'cancelled', 'failed')`)
@Check('eligibility_batch_purpose', `purpose in ('treatment', 'claim', 'correction')`)
@Check('eligibility_batch_total', `total > 0`)
@Check('eligibility_batch_ended', `(state in ('queued', 'running')) = (ended_at is null)`)
@Check('eligibility_batch_key_whole', `request_key is null or request_hash is not null`)
@Index('eligibility_batch_request_key', ['requestKey'], { unique: true })
@Index('eligibility_batch_unfinished', ['submittedAt'], { where: `state in ('queued', 'running')` })
@Index('eligibility_batch_ended_at', ['endedAt'])
export class EligibilityBatchEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'uuid', primaryKeyConstraintName: 'eligibility_batch_pk' })
  batchId: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'institution_code', type: 'text' })
  institutionCode: string;

  @Column({ name: 'operator', type: 'text', nullable: true })
  operator: string | null;

  @Column({ name: 'purpose', type: 'text' })
  purpose: string;

  @Column({ name: 'service_date', type: 'date' })
  serviceDate: string;

  @Column({ name: 'submitted_at', type: 'timestamptz', precision: 3 })
  submittedAt: Date;

  @Column({ name: 'state', type: 'text' })
  state: string;

  @Column({ name: 'total', type: 'integer' })
  total: number;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;

  /** The process that works on it, until the lease runs out; renewed while it lives. */
  @Column({ name: 'lease_owner', type: 'uuid', nullable: true })
  leaseOwner: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', precision: 3, nullable: true })
  leaseUntil: Date | null;

  /** How often it was taken up since a part of it was last finished: one that ends every process is given up. */
  @Column({ name: 'takes', type: 'smallint', default: 0 })
  takes: number;

  /** Keyed hash of client and Idempotency-Key; null without one, or when the key has had its 24 hours. */
  @Column({ name: 'request_key', type: 'text', nullable: true })
  requestKey: string | null;

  /** Keyed hash of what was submitted under that key. */
  @Column({ name: 'request_hash', type: 'text', nullable: true })
  requestHash: string | null;
}

/** Some of a batch's people, and what became of them: never both at once. */
@Entity('eligibility_batch_part')
@Check('eligibility_batch_part_either', `people is null or results is null`)
@Check('eligibility_batch_part_size', `size > 0 and first >= 0`)
export class EligibilityBatchPartEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'uuid', primaryKeyConstraintName: 'eligibility_batch_part_pk' })
  batchId: string;

  @ManyToOne(() => EligibilityBatchEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'batch_id', foreignKeyConstraintName: 'eligibility_batch_part_batch_fk' })
  batch: EligibilityBatchEntity;

  /** Place of its first person in the batch, from 0. */
  @PrimaryColumn({ name: 'first', type: 'integer', primaryKeyConstraintName: 'eligibility_batch_part_pk' })
  first: number;

  @Column({ name: 'size', type: 'smallint' })
  size: number;

  /** Sealed; gone when they are answered or never will be. */
  @Column({ name: 'people', type: 'bytea', nullable: true })
  people: Buffer | null;

  /** Sealed lines of NDJSON. */
  @Column({ name: 'results', type: 'bytea', nullable: true })
  results: Buffer | null;

  @Column({ name: 'answered', type: 'smallint', default: 0 })
  answered: number;

  @Column({ name: 'unavailable', type: 'smallint', default: 0 })
  unavailable: number;

  @Column({ name: 'refused', type: 'smallint', default: 0 })
  refused: number;
}
