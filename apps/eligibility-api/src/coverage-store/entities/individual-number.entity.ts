import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { PersonEntity } from './person.entity.js';

/** The vault: the office's role alone can look into it, and the office's keys alone can open what lies there. */
@Entity('individual_number')
@Check('individual_number_sealed', `octet_length(sealed) = 40`)
@Check('individual_number_indexed', `octet_length(number_index) = 32`)
@Index('individual_number_person', ['personId'], { unique: true })
@Index('individual_number_index', ['numberIndex'], { unique: true })
export class IndividualNumberEntity {
  @PrimaryColumn({
    name: 'vault_id',
    type: 'bigint',
    primaryKeyConstraintName: 'individual_number_pk',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
  })
  vaultId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'individual_number_person_fk' })
  person: PersonEntity;

  /** Of the key it is sealed under. */
  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  /** Nonce, ciphertext and tag of AES-256-GCM; person and key are its additional data. */
  @Column({ name: 'sealed', type: 'bytea' })
  sealed: Buffer;

  /** HMAC-SHA-256 of the number under a key of its own. */
  @Column({ name: 'number_index', type: 'bytea' })
  numberIndex: Buffer;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt: Date;
}

/** Every time a number was opened. Only added to; it stays when the person goes. */
@Entity('individual_number_opening')
@Check(
  'individual_number_opening_purpose',
  `purpose in ('notice-last-four', 'registration', 'review', 'correction', 'disclosure', 'key-change')`,
)
@Index('individual_number_opening_person', ['personId', 'openedAt'])
export class IndividualNumberOpeningEntity {
  @PrimaryColumn({
    name: 'opening_id',
    type: 'bigint',
    primaryKeyConstraintName: 'individual_number_opening_pk',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
  })
  openingId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt: Date;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'operator', type: 'text', nullable: true })
  operator: string | null;

  @Column({ name: 'purpose', type: 'text' })
  purpose: string;
}
