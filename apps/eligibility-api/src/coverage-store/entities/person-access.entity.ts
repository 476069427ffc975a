import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Every time the office showed something of a person. Only added to; it stays when the person goes. */
@Entity('person_access')
@Check(
  'person_access_what',
  `what in ('qualification-notice', 'qualification-certificate', 'qualification-screen', 'eligibility-declaration', 'qualifications', 'accesses')`,
)
@Index('person_access_person', ['personId', 'at'])
@Index('person_access_at', ['at'])
export class PersonAccessEntity {
  @PrimaryColumn({
    name: 'access_id',
    type: 'bigint',
    primaryKeyConstraintName: 'person_access_pk',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
  })
  accessId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  /** Of the insurer that was shown it. */
  @Column({ name: 'insurer_number', type: 'text' })
  insurerNumber: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'operator', type: 'text', nullable: true })
  operator: string | null;

  @Column({ name: 'what', type: 'text' })
  what: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at: Date;
}
