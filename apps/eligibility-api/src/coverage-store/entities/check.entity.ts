import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The record of one answer that left. It may be added and read, never changed (the counter's role has no such right). */
@Entity('eligibility_check')
@Check('eligibility_check_purpose', `purpose in ('treatment', 'claim', 'correction')`)
@Check(
  'eligibility_check_verdict',
  `verdict in ('valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered')`,
)
@Index('eligibility_check_institution', ['institutionCode', 'checkId'])
export class EligibilityCheckEntity {
  @PrimaryColumn({ name: 'check_id', type: 'uuid', primaryKeyConstraintName: 'eligibility_check_pk' })
  checkId: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'institution_code', type: 'text' })
  institutionCode: string;

  @Column({ name: 'operator', type: 'text', nullable: true })
  operator: string | null;

  @Column({ name: 'purpose', type: 'text' })
  purpose: string;

  @Column({ name: 'checked_at', type: 'timestamptz', precision: 3 })
  checkedAt: Date;

  @Column({ name: 'service_date', type: 'date' })
  serviceDate: string;

  /** Keyed hash of what was asked for (card serial, or insurer number and number); the identifier itself is not kept. */
  @Column({ name: 'subject_hash', type: 'bytea' })
  subjectHash: Buffer;

  @Column({ name: 'verdict', type: 'text' })
  verdict: string;

  @Column({ name: 'credential_state', type: 'text' })
  credentialState: string;

  @Column({ name: 'answer_version', type: 'text' })
  answerVersion: string;

  /** `freshness.degraded.reason`; null when all was well. */
  @Column({ name: 'degraded', type: 'text', nullable: true })
  degraded: string | null;

  @Column({ name: 'unchanged', type: 'boolean' })
  unchanged: boolean;

  /** The check whose answer was given again under one Idempotency-Key. */
  @Column({ name: 'repeats', type: 'uuid', nullable: true })
  repeats: string | null;

  /** The reply, byte for byte. */
  @Column({ name: 'answer', type: 'text' })
  answer: string;
}

/** What the patient consented to at a check, as long as it matters: viewing ends after 24 hours. */
@Entity('consent')
@Check(
  'consent_kind_known',
  `kind in ('limitApplicationCertificate', 'specificDiseases', 'pharmacists', 'specificHealthCheckups', 'diagnosis', 'operation')`,
)
export class ConsentEntity {
  @PrimaryColumn({ name: 'check_id', type: 'uuid', primaryKeyConstraintName: 'consent_pk' })
  checkId: string;

  @PrimaryColumn({ name: 'kind', type: 'text', primaryKeyConstraintName: 'consent_pk' })
  kind: string;

  @Column({ name: 'consented_at', type: 'timestamptz', precision: 3 })
  consentedAt: Date;

  @Column({ name: 'available_until', type: 'timestamptz', precision: 3, nullable: true })
  availableUntil: Date | null;
}
