import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/*
 * The record of checks. It may be added to and read, never changed (the counter's role has no such right). `eligibility_check`,
 * `consent` and `check_answer` are partitioned by the month of the check, as of Tokyo, so that what has been kept long enough
 * goes a month at a time; `make_check_partitions` makes the partitions.
 */

/** The record of one answer that left. */
@Entity('eligibility_check')
@Check('eligibility_check_purpose', `purpose in ('treatment', 'claim', 'correction')`)
@Check(
  'eligibility_check_verdict',
  `verdict in ('valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered')`,
)
@Check('eligibility_check_chain', '(writer is null) = (n is null) and (writer is null) = (chain_hash is null)')
@Index('eligibility_check_institution', ['institutionCode', 'checkId'])
@Index('eligibility_check_writer_n', ['writer', 'n'])
@Index('eligibility_check_subject', ['subjectHash', 'checkedAt'])
export class EligibilityCheckEntity {
  @PrimaryColumn({ name: 'check_id', type: 'uuid', primaryKeyConstraintName: 'eligibility_check_pk' })
  checkId: string;

  @PrimaryColumn({
    name: 'checked_at',
    type: 'timestamptz',
    precision: 3,
    primaryKeyConstraintName: 'eligibility_check_pk',
  })
  checkedAt: Date;

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

  /** Kinds consented to, as bits (answers/answer-text.ts). */
  @Column({ name: 'consented', type: 'smallint' })
  consented: number;

  /** SHA-256 of the answer's text in `check_answer`; null where the text could not be opened any more. */
  @Column({ name: 'answer_key', type: 'bytea', nullable: true })
  answerKey: Buffer | null;

  /** What is spliced into the text and does not follow from this row, as JSON, byte for byte as in the journal. */
  @Column({ name: 'spliced', type: 'text' })
  spliced: string;

  /** SHA-256 of the reply's bytes. */
  @Column({ name: 'digest', type: 'bytea' })
  digest: Buffer;

  /** Whose chain it is in, its number there and its hash; null of one from before `check_log_policy.chained_since`. */
  @Column({ name: 'writer', type: 'text', nullable: true })
  writer: string | null;

  @Column({ name: 'n', type: 'bigint', nullable: true })
  n: string | null;

  @Column({ name: 'chain_hash', type: 'bytea', nullable: true })
  chainHash: Buffer | null;
}

/** The text of answers, once for all checks of a month that gave it; with marks where something is spliced in. */
@Entity('check_answer')
export class CheckAnswerEntity {
  @PrimaryColumn({ name: 'month', type: 'date', primaryKeyConstraintName: 'check_answer_pk' })
  month: string;

  /** SHA-256 of the text. */
  @PrimaryColumn({ name: 'answer_key', type: 'bytea', primaryKeyConstraintName: 'check_answer_pk' })
  answerKey: Buffer;

  @Column({ name: 'text', type: 'bytea' })
  text: Buffer;
}

/**
 * The head of every chain: how far the journal of one process's life has been shipped, and of what that process committed
 * straight, without a journal.
 */
@Entity('check_journal')
@Index('check_journal_unanchored', ['shippedAt'], { where: 'n > anchored_n' })
export class CheckJournalEntity {
  @PrimaryColumn({ name: 'writer', type: 'text', primaryKeyConstraintName: 'check_journal_pk' })
  writer: string;

  /** Number of the last check that is shipped. */
  @Column({ name: 'n', type: 'bigint' })
  n: string;

  /** Its hash, base64url; the writer's name before the first. */
  @Column({ name: 'chain_hash', type: 'text' })
  chainHash: string;

  @Column({ name: 'segment', type: 'integer' })
  segment: number;

  @Column({ name: 'offset', type: 'bigint' })
  offset: string;

  @Column({ name: 'shipped_at', type: 'timestamptz', precision: 3 })
  shippedAt: Date;

  /** Up to where there is an anchor: says what is still to be done, and proves nothing. */
  @Column({ name: 'anchored_n', type: 'bigint', default: 0 })
  anchoredN: string;
}

/**
 * A second place in a chain of a check that is on record already: one that its journal's disk could not make durable was
 * committed straight as well. Its row, with this number, gives this hash.
 */
@Entity('check_twin')
@Index('check_twin_checked_at', ['checkedAt'])
export class CheckTwinEntity {
  @PrimaryColumn({ name: 'writer', type: 'text', primaryKeyConstraintName: 'check_twin_pk' })
  writer: string;

  @PrimaryColumn({ name: 'n', type: 'bigint', primaryKeyConstraintName: 'check_twin_pk' })
  n: string;

  @Column({ name: 'chain_hash', type: 'bytea' })
  chainHash: Buffer;

  @Column({ name: 'check_id', type: 'uuid' })
  checkId: string;

  @Column({ name: 'checked_at', type: 'timestamptz', precision: 3 })
  checkedAt: Date;
}

/** Signed word that a chain had come so far, with this hash, at this instant. The anchors of one keeper's life are a chain of their own. */
@Entity('check_anchor')
@Index('check_anchor_writer_n', ['writer', 'n'])
@Index('check_anchor_at', ['at'])
export class CheckAnchorEntity {
  @PrimaryColumn({ name: 'anchored_by', type: 'text', primaryKeyConstraintName: 'check_anchor_pk' })
  anchoredBy: string;

  @PrimaryColumn({ name: 'seq', type: 'bigint', primaryKeyConstraintName: 'check_anchor_pk' })
  seq: string;

  /** SHA-256 of what was signed before; of the first, of the name of its chain. */
  @Column({ name: 'previous', type: 'bytea' })
  previous: Buffer;

  @Column({ name: 'writer', type: 'text' })
  writer: string;

  @Column({ name: 'n', type: 'bigint' })
  n: string;

  @Column({ name: 'chain_hash', type: 'bytea' })
  chainHash: Buffer;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at: Date;

  /** Nothing more comes of this writer. */
  @Column({ name: 'final', type: 'boolean' })
  final: boolean;

  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ name: 'signature', type: 'bytea' })
  signature: Buffer;
}

/** Signed word that a run of a chain was kept long enough and is gone: what comes after it begins with its last hash. */
@Entity('check_retention_mark')
@Check('check_retention_mark_kind', `kind in ('checks', 'anchors')`)
@Check('check_retention_mark_order', 'last_n >= first_n')
export class CheckRetentionMarkEntity {
  @PrimaryColumn({ name: 'kind', type: 'text', primaryKeyConstraintName: 'check_retention_mark_pk' })
  kind: string;

  @PrimaryColumn({ name: 'writer', type: 'text', primaryKeyConstraintName: 'check_retention_mark_pk' })
  writer: string;

  @PrimaryColumn({ name: 'first_n', type: 'bigint', primaryKeyConstraintName: 'check_retention_mark_pk' })
  firstN: string;

  @Column({ name: 'last_n', type: 'bigint' })
  lastN: string;

  /** Hash before the first, base64url, or the name of the chain. */
  @Column({ name: 'previous', type: 'text' })
  previous: string;

  @Column({ name: 'last_hash', type: 'text' })
  lastHash: string;

  @Column({ name: 'month', type: 'date' })
  month: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at: Date;

  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ name: 'signature', type: 'bytea' })
  signature: Buffer;
}

/** One row, which only the owner changes. */
@Entity('check_log_policy')
@Check('check_log_policy_one_row', 'id = 1')
export class CheckLogPolicyEntity {
  @PrimaryColumn({ name: 'id', type: 'smallint', primaryKeyConstraintName: 'check_log_policy_pk' })
  id: number;

  /** Since when every check has its place in a chain. */
  @Column({ name: 'chained_since', type: 'timestamptz', precision: 3 })
  chainedSince: Date;

  /** No month that ended less long ago is dropped, whoever asks. */
  @Column({ name: 'keep_at_least', type: 'interval' })
  keepAtLeast: string;
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

  @PrimaryColumn({ name: 'consented_at', type: 'timestamptz', precision: 3, primaryKeyConstraintName: 'consent_pk' })
  consentedAt: Date;

  @Column({ name: 'available_until', type: 'timestamptz', precision: 3, nullable: true })
  availableUntil: Date | null;
}
