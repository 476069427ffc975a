import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { InsurerEntity } from './insurer.entity.js';

/** A file of filings, as it came and as far as it is. */
@Entity('enrollment_import')
@Check('enrollment_import_state', `state in ('queued', 'running', 'finished')`)
@Check('enrollment_import_encoding', `encoding in ('utf-8', 'shift_jis')`)
@Check('enrollment_import_ended', `(state = 'finished') = (ended_at is not null)`)
@Check('enrollment_import_erased', `(state = 'finished') = (bytes is null)`)
@Index('enrollment_import_request_key', ['requestKey'], { unique: true })
export class EnrollmentImportEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid', primaryKeyConstraintName: 'enrollment_import_pk' })
  importId: string;

  @Column({ name: 'insurer_number', type: 'text' })
  insurerNumber: string;

  @ManyToOne(() => InsurerEntity)
  @JoinColumn({ name: 'insurer_number', foreignKeyConstraintName: 'enrollment_import_insurer_fk' })
  insurer: InsurerEntity;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'state', type: 'text' })
  state: string;

  @Column({ name: 'encoding', type: 'text' })
  encoding: string;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt: Date;

  /** Of its first line, by their English names. */
  @Column({ name: 'columns', type: 'text', array: true })
  columns: string[];

  /** The file; erased when it has ended. */
  @Column({ name: 'bytes', type: 'bytea', nullable: true })
  bytes: Buffer | null;

  /** Of the file, in bytes. */
  @Column({ name: 'size', type: 'integer' })
  size: number;

  /** Where the first row begins that has not been worked on, from 0. */
  @Column({ name: 'next_byte', type: 'integer' })
  nextByte: number;

  /** The line of it, from 1. */
  @Column({ name: 'next_line', type: 'integer' })
  nextLine: number;

  @Column({ name: 'filed', type: 'integer', default: 0 })
  filed: number;

  @Column({ name: 'refused', type: 'integer', default: 0 })
  refused: number;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;

  /** Hash of client and Idempotency-Key; null without one, or when the key has had its 24 hours. */
  @Column({ name: 'request_key', type: 'text', nullable: true })
  requestKey: string | null;

  /** Hash of what was sent under the key. */
  @Column({ name: 'request_hash', type: 'text', nullable: true })
  requestHash: string | null;
}

/** What became of some rows; never changed. */
@Entity('enrollment_import_part')
export class EnrollmentImportPartEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid', primaryKeyConstraintName: 'enrollment_import_part_pk' })
  importId: string;

  @ManyToOne(() => EnrollmentImportEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'enrollment_import_part_import_fk' })
  import: EnrollmentImportEntity;

  /** Its first row, from 0. */
  @PrimaryColumn({ name: 'first', type: 'integer', primaryKeyConstraintName: 'enrollment_import_part_pk' })
  first: number;

  @Column({ name: 'size', type: 'integer' })
  size: number;

  /** Lines of JSON as they are given out, with nothing that was in the file. */
  @Column({ name: 'outcomes', type: 'text' })
  outcomes: string;
}
