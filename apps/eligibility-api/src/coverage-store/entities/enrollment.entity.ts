import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { InsurerEntity } from './insurer.entity.js';
import { PersonEntity } from './person.entity.js';
import { QualificationEntity } from './qualification.entity.js';

/** An insurer's filing, as it came and as it stands. */
@Entity('enrollment')
@Check('enrollment_kind', `kind in ('acquisition', 'dependent', 'change', 'correction')`)
@Check('enrollment_state', `state in ('received', 'looking-up', 'registered', 'returned', 'needs-review')`)
@Check('enrollment_registered', `(state = 'registered') = (usable_from is not null)`)
@Check('enrollment_explained', `(state in ('returned', 'needs-review')) = (reasons is not null)`)
@Index('enrollment_request_key', ['requestKey'], { unique: true })
@Index('enrollment_insurer_state', ['insurerNumber', 'state', 'enrollmentId'])
@Index('enrollment_qualification', ['qualificationId'])
@Index('enrollment_person', ['personId'])
@Index('enrollment_in_review', ['receivedAt'], { where: `state = 'needs-review'` })
export class EnrollmentEntity {
  @PrimaryColumn({ name: 'enrollment_id', type: 'uuid', primaryKeyConstraintName: 'enrollment_pk' })
  enrollmentId: string;

  @Column({ name: 'insurer_number', type: 'text' })
  insurerNumber: string;

  @ManyToOne(() => InsurerEntity)
  @JoinColumn({ name: 'insurer_number', foreignKeyConstraintName: 'enrollment_insurer_fk' })
  insurer: InsurerEntity;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'state', type: 'text' })
  state: string;

  /** As it came, and never changed. */
  @Column({ name: 'filed', type: 'jsonb' })
  filed: object;

  /** Of the coverage that a change is about; null where the insurer has none such. */
  @Column({ name: 'qualification_date', type: 'date', nullable: true })
  qualificationDate: string | null;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt: Date;

  /** Null where no term counts: of a correction, and of remuneration alone. */
  @Column({ name: 'due_on', type: 'date', nullable: true })
  dueOn: string | null;

  @Column({ name: 'late', type: 'boolean' })
  late: boolean;

  /** How often its look-up was begun. */
  @Column({ name: 'attempts', type: 'integer', default: 0 })
  attempts: number;

  @Column({ name: 'person_id', type: 'bigint', nullable: true })
  personId: string | null;

  @ManyToOne(() => PersonEntity, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'enrollment_person_fk' })
  person: PersonEntity | null;

  @Column({ name: 'qualification_id', type: 'bigint', nullable: true })
  qualificationId: string | null;

  @ManyToOne(() => QualificationEntity, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'enrollment_qualification_fk' })
  qualification: QualificationEntity | null;

  @Column({ name: 'usable_from', type: 'date', nullable: true })
  usableFrom: string | null;

  @Column({ name: 'reasons', type: 'jsonb', nullable: true })
  reasons: object | null;

  /** Hash of client and Idempotency-Key; null without one, or when the key has had its 24 hours. */
  @Column({ name: 'request_key', type: 'text', nullable: true })
  requestKey: string | null;

  /** Keyed hash of an individual number that was filed with it; forgotten when the filing comes to its end. */
  @Column({ name: 'number_index', type: 'bytea', nullable: true })
  numberIndex: Buffer | null;
}

/** One step of a filing's way; never changed. */
@Entity('enrollment_step')
export class EnrollmentStepEntity {
  @PrimaryColumn({ name: 'enrollment_id', type: 'uuid', primaryKeyConstraintName: 'enrollment_step_pk' })
  enrollmentId: string;

  @ManyToOne(() => EnrollmentEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'enrollment_id', foreignKeyConstraintName: 'enrollment_step_enrollment_fk' })
  enrollment: EnrollmentEntity;

  @PrimaryColumn({ name: 'n', type: 'smallint', primaryKeyConstraintName: 'enrollment_step_pk' })
  n: number;

  @Column({ name: 'state', type: 'text' })
  state: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at: Date;

  @Column({ name: 'reasons', type: 'jsonb', nullable: true })
  reasons: object | null;
}

/** A card that its holder registered for insurance, and where. Its certificate is a `credential`; renewed ones follow by the registry's feed. */
@Entity('card_registration')
@Check('card_registration_channel', `channel in ('reader', 'smartphone', 'atm')`)
@Index('card_registration_person', ['personId'])
export class CardRegistrationEntity {
  @PrimaryColumn({ name: 'serial', type: 'text', primaryKeyConstraintName: 'card_registration_pk' })
  serial: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'card_registration_person_fk' })
  person: PersonEntity;

  @Column({ name: 'channel', type: 'text' })
  channel: string;

  @Column({ name: 'registered_at', type: 'timestamptz', precision: 3 })
  registeredAt: Date;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;
}

/** What somebody decided about a filing that waits for people; never changed. */
@Entity('enrollment_review')
@Check('enrollment_review_decision', `decision in ('register', 'return')`)
@Check('enrollment_review_whole', `(decision = 'register') = (person_ref is not null)`)
export class EnrollmentReviewEntity {
  @PrimaryColumn({ name: 'enrollment_id', type: 'uuid', primaryKeyConstraintName: 'enrollment_review_pk' })
  enrollmentId: string;

  @ManyToOne(() => EnrollmentEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'enrollment_id', foreignKeyConstraintName: 'enrollment_review_enrollment_fk' })
  enrollment: EnrollmentEntity;

  @PrimaryColumn({ name: 'n', type: 'smallint', primaryKeyConstraintName: 'enrollment_review_pk' })
  n: number;

  /** `act.sub` of their token. */
  @Column({ name: 'reviewer', type: 'text' })
  reviewer: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'decision', type: 'text' })
  decision: string;

  @Column({ name: 'person_ref', type: 'text', nullable: true })
  personRef: string | null;

  @Column({ name: 'reason', type: 'text' })
  reason: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at: Date;
}

/** A loss as it was filed; never changed. `qualification` has the last of them. */
@Entity('loss_filing')
@Check('loss_filing_reason', `reason_of_loss in ('01', '02', '03', '99')`)
export class LossFilingEntity {
  @PrimaryColumn({ name: 'qualification_id', type: 'bigint', primaryKeyConstraintName: 'loss_filing_pk' })
  qualificationId: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'loss_filing_qualification_fk' })
  qualification: QualificationEntity;

  @PrimaryColumn({ name: 'n', type: 'smallint', primaryKeyConstraintName: 'loss_filing_pk' })
  n: number;

  @Column({ name: 'lost_on', type: 'date' })
  lostOn: string;

  @Column({ name: 'reason_of_loss', type: 'text', nullable: true })
  reasonOfLoss: string | null;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt: Date;

  /** Null for one that was there before they were kept. */
  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId: string | null;
}
