import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { QualificationEntity } from './qualification.entity.js';

/** Every table's key is named, or the schema would be said to have drifted. */
const Id = (table: string): PropertyDecorator =>
  PrimaryColumn({
    name: 'id',
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: `${table}_pk`,
  });

/** What decides rate and limit within one coverage. `valid_from` and `valid_to` are both inclusive days. */
abstract class DatedFact {
  @Column({ name: 'qualification_id', type: 'bigint' })
  qualificationId: string;

  @Column({ name: 'valid_from', type: 'date' })
  validFrom: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo: string | null;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt: Date;
}

/** Income facts as the insurer filed them, in the field names of `IncomeFacts` of the domain. */
@Entity('income_assessment')
@Check('income_assessment_period', `valid_to >= valid_from`)
@Check('income_assessment_scheme', `coalesce(facts->>'scheme', '') in ('shaho', 'kokuho', 'kouki')`)
@Index('income_assessment_qualification', ['qualificationId'])
export class IncomeAssessmentEntity extends DatedFact {
  @Id('income_assessment')
  id: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'income_assessment_qualification_fk' })
  qualification: QualificationEntity;

  @Column({ name: 'facts', type: 'jsonb' })
  facts: object;
}

/** 高齢受給者証, or the rate of the late-elderly certificate. */
@Entity('copay_certificate')
@Check('copay_certificate_period', `valid_to >= valid_from`)
@Check('copay_certificate_kind', `kind in ('elderly-recipient', 'late-elderly')`)
@Check('copay_certificate_rate', `rate_percent in (10, 20, 30)`)
@Index('copay_certificate_qualification', ['qualificationId'])
export class CopayCertificateEntity extends DatedFact {
  @Id('copay_certificate')
  id: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'copay_certificate_qualification_fk' })
  qualification: QualificationEntity;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'rate_percent', type: 'smallint' })
  ratePercent: number;

  @Column({ name: 'issued_on', type: 'date', nullable: true })
  issuedOn: string | null;
}

/** 限度額適用認定証 and its kin. */
@Entity('limit_certificate')
@Check('limit_certificate_period', `valid_to >= valid_from`)
@Check('limit_certificate_classification', `classification in ('01', '02', '03')`)
@Check('limit_certificate_flag', `classification_flag ~ '^(A0[1-6]|B0[1-9]|B10)$'`)
@Index('limit_certificate_qualification', ['qualificationId'])
export class LimitCertificateEntity extends DatedFact {
  @Id('limit_certificate')
  id: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'limit_certificate_qualification_fk' })
  qualification: QualificationEntity;

  @Column({ name: 'classification', type: 'text' })
  classification: string;

  @Column({ name: 'classification_flag', type: 'text' })
  classificationFlag: string;

  @Column({ name: 'issued_on', type: 'date', nullable: true })
  issuedOn: string | null;

  @Column({ name: 'long_term_on', type: 'date', nullable: true })
  longTermOn: string | null;
}

/** 特定疾病療養受療証. */
@Entity('specific_disease_certificate')
@Check('specific_disease_certificate_period', `valid_to >= valid_from`)
@Check('specific_disease_certificate_category', `category in ('1', '2', '3')`)
@Check('specific_disease_certificate_self_pay', `self_pay_yen >= 0`)
@Index('specific_disease_certificate_qualification', ['qualificationId'])
export class SpecificDiseaseCertificateEntity extends DatedFact {
  @Id('specific_disease_certificate')
  id: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'specific_disease_certificate_qualification_fk' })
  qualification: QualificationEntity;

  @Column({ name: 'category', type: 'text' })
  category: string;

  @Column({ name: 'self_pay_yen', type: 'integer' })
  selfPayYen: number;

  @Column({ name: 'issued_on', type: 'date', nullable: true })
  issuedOn: string | null;
}

/** 医療券・調剤券 of medical aid. */
@Entity('medical_ticket')
@Check('medical_ticket_period', `valid_to >= valid_from`)
@Check('medical_ticket_type', `ticket_type in ('01', '02')`)
@Check('medical_ticket_month', `treatment_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'`)
@Check('medical_ticket_treatment', `medical_treatment_type in ('01', '02', '03', '04', '05')`)
@Check('medical_ticket_use', `single_or_combined_use in ('01', '02')`)
@Check('medical_ticket_institution', `designated_medical_institution_code ~ '^[0-9]{10}$'`)
@Index('medical_ticket_qualification', ['qualificationId'])
export class MedicalTicketEntity extends DatedFact {
  @Id('medical_ticket')
  id: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'medical_ticket_qualification_fk' })
  qualification: QualificationEntity;

  @Column({ name: 'ticket_type', type: 'text' })
  ticketType: string;

  @Column({ name: 'issue_number', type: 'text', nullable: true })
  issueNumber: string | null;

  @Column({ name: 'treatment_month', type: 'text' })
  treatmentMonth: string;

  @Column({ name: 'designated_medical_institution_code', type: 'text' })
  designatedMedicalInstitutionCode: string;

  @Column({ name: 'designated_medical_institution_name', type: 'text', nullable: true })
  designatedMedicalInstitutionName: string | null;

  @Column({ name: 'medical_treatment_type', type: 'text', nullable: true })
  medicalTreatmentType: string | null;

  @Column({ name: 'self_pay_amount_yen', type: 'integer', nullable: true })
  selfPayAmountYen: number | null;

  @Column({ name: 'single_or_combined_use', type: 'text', nullable: true })
  singleOrCombinedUse: string | null;
}
