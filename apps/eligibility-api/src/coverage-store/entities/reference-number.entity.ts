import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { PersonEntity } from './person.entity.js';

/** 照会番号: given to a person by an institution, and belonging to that institution. It survives a change of insurer. */
@Entity('reference_number')
@Check('reference_number_length', `char_length(reference_number) between 1 and 50`)
@Index('reference_number_person', ['personId'])
@Index('reference_number_number', ['institutionCode', 'referenceNumber'])
export class ReferenceNumberEntity {
  @PrimaryColumn({ name: 'institution_code', type: 'text', primaryKeyConstraintName: 'reference_number_pk' })
  institutionCode: string;

  @PrimaryColumn({ name: 'person_id', type: 'bigint', primaryKeyConstraintName: 'reference_number_pk' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'reference_number_person_fk' })
  person: PersonEntity;

  @Column({ name: 'reference_number', type: 'text' })
  referenceNumber: string;

  /** Null where it was not registered by the institution itself. */
  @Column({ name: 'registered_at', type: 'timestamptz', precision: 3, nullable: true })
  registeredAt: Date | null;

  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId: string | null;
}
