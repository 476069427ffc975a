import { Check, Column, Entity, Exclusion, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { InsurerEntity } from './insurer.entity.js';
import { PersonEntity } from './person.entity.js';

/**
 * One coverage of a person at one insurer: acquired <= d < lost. Two coverages of one person at one insurer cannot overlap;
 * at two insurers they can, until the loss of the older one is filed.
 */
@Entity('qualification')
@Exclusion(
  'qualification_no_overlap',
  `using gist (person_id with =, insurer_number with =, daterange(acquired_on, lost_on) with &&)`,
)
@Check('qualification_lost_after_acquired', `lost_on >= acquired_on`)
@Check('qualification_loss_whole', `(lost_on is null) = (loss_recorded_at is null)`)
@Check('qualification_personal_family', `personal_family_classification in ('1', '2')`)
@Check('qualification_reason_of_loss', `reason_of_loss in ('01', '02', '03', '99')`)
@Check(
  'qualification_card_classification',
  `insured_card_classification in ('01', '02', '03', '04', '05', '06', '07', 'A1')`,
)
@Index('qualification_person', ['personId'])
@Index('qualification_number', ['insurerNumber', 'numberKey'])
export class QualificationEntity {
  @PrimaryColumn({
    name: 'qualification_id',
    type: 'bigint',
    primaryKeyConstraintName: 'qualification_pk',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
  })
  qualificationId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'qualification_person_fk' })
  person: PersonEntity;

  @Column({ name: 'insurer_number', type: 'text' })
  insurerNumber: string;

  @ManyToOne(() => InsurerEntity)
  @JoinColumn({ name: 'insurer_number', foreignKeyConstraintName: 'qualification_insurer_fk' })
  insurer: InsurerEntity;

  @Column({ name: 'insured_card_classification', type: 'text' })
  insuredCardClassification: string;

  @Column({ name: 'insured_card_symbol', type: 'text', nullable: true })
  insuredCardSymbol: string | null;

  @Column({ name: 'insured_identification_number', type: 'text' })
  insuredIdentificationNumber: string;

  /** The number in its normal form, by which it is found; kept beside what was filed. */
  @Column({ name: 'number_key', type: 'text' })
  numberKey: string;

  @Column({ name: 'insured_branch_number', type: 'text', nullable: true })
  insuredBranchNumber: string | null;

  @Column({ name: 'personal_family_classification', type: 'text' })
  personalFamilyClassification: string;

  @Column({ name: 'insured_name', type: 'text', nullable: true })
  insuredName: string | null;

  @Column({ name: 'acquired_on', type: 'date' })
  acquiredOn: string;

  @Column({ name: 'disability_certified', type: 'boolean', default: false })
  disabilityCertified: boolean;

  @Column({ name: 'lost_on', type: 'date', nullable: true })
  lostOn: string | null;

  @Column({ name: 'reason_of_loss', type: 'text', nullable: true })
  reasonOfLoss: string | null;

  @Column({ name: 'loss_recorded_at', type: 'timestamptz', precision: 3, nullable: true })
  lossRecordedAt: Date | null;

  @Column({ name: 'available_from', type: 'date' })
  availableFrom: string;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt: Date;

  @Column({ name: 'insured_certificate_issuance_date', type: 'date', nullable: true })
  insuredCertificateIssuanceDate: string | null;

  @Column({ name: 'insured_card_valid_date', type: 'date', nullable: true })
  insuredCardValidDate: string | null;

  @Column({ name: 'insured_card_expiration_date', type: 'date', nullable: true })
  insuredCardExpirationDate: string | null;
}
