import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { PersonEntity } from './person.entity.js';

/** A certificate serial and whose it is. Several serials may lead to one person: every renewal makes a new one. */
@Entity('credential')
@Check('credential_serial_form', `serial ~ '^[0-9A-F]{8,40}$'`)
@Check('credential_status_known', `status in ('good', 'expired', 'revoked', 'superseded')`)
@Check('credential_not_its_own_successor', `superseded_by <> serial`)
@Index('credential_person', ['personId'])
export class CredentialEntity {
  @PrimaryColumn({ name: 'serial', type: 'text', primaryKeyConstraintName: 'credential_pk' })
  serial: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'credential_person_fk' })
  person: PersonEntity;

  @Column({ name: 'status', type: 'text' })
  status: string;

  @Column({ name: 'not_before', type: 'date', nullable: true })
  notBefore: string | null;

  @Column({ name: 'not_after', type: 'date', nullable: true })
  notAfter: string | null;

  @Column({ name: 'revoked_on', type: 'date', nullable: true })
  revokedOn: string | null;

  @Column({ name: 'superseded_by', type: 'text', nullable: true })
  supersededBy: string | null;

  /** When the registry last named this status; the feed's confirmation counts for all and stands in `registry_feed`. */
  @Column({ name: 'verified_at', type: 'timestamptz', precision: 3 })
  verifiedAt: Date;
}

/** How far the feed of certificate changes has been read: one row. */
@Entity('registry_feed')
@Check('registry_feed_one_row', `id = 1`)
export class RegistryFeedEntity {
  @PrimaryColumn({ name: 'id', type: 'smallint', primaryKeyConstraintName: 'registry_feed_pk' })
  id: number;

  @Column({ name: 'generation', type: 'text' })
  generation: string;

  @Column({ name: 'position', type: 'bigint' })
  position: string;

  @Column({ name: 'confirmed_at', type: 'timestamptz', precision: 3 })
  confirmedAt: Date;
}
