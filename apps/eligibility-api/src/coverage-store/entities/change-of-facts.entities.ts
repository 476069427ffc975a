import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

import { EnrollmentEntity } from './enrollment.entity.js';
import { PersonEntity } from './person.entity.js';
import { QualificationEntity } from './qualification.entity.js';

/** Every table's key is named, or the schema would be said to have drifted. */
const Id = (table: string): PropertyDecorator =>
  PrimaryColumn({
    name: 'change_id',
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: `${table}_pk`,
  });

/** Something that was filed as another: from a day on, or all along. Never changed. */
abstract class ChangeOfFacts {
  /** Null: all along. */
  @Column({ name: 'valid_from', type: 'date', nullable: true })
  validFrom: string | null;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt: Date;

  /** Attributes in the names of the domain, as they are from then on. */
  @Column({ name: 'changed', type: 'jsonb' })
  changed: object;

  /** Attributes that are no longer there. */
  @Column({ name: 'removed', type: 'text', array: true, nullable: true })
  removed: string[] | null;

  @Column({ name: 'enrollment_id', type: 'uuid', nullable: true })
  enrollmentId: string | null;
}

/** Of a person: the attributes of `Identity`. */
@Entity('identity_change')
@Check('identity_change_object', `jsonb_typeof(changed) = 'object'`)
@Index('identity_change_person', ['personId'])
@Index('identity_change_enrollment', ['enrollmentId'])
export class IdentityChangeEntity extends ChangeOfFacts {
  @Id('identity_change')
  changeId: string;

  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  @ManyToOne(() => PersonEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'person_id', foreignKeyConstraintName: 'identity_change_person_fk' })
  person: PersonEntity;

  @ManyToOne(() => EnrollmentEntity, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'enrollment_id', foreignKeyConstraintName: 'identity_change_enrollment_fk' })
  enrollment: EnrollmentEntity | null;
}

/** Of what stands on the insurer's documents: the attributes of `ShownAtInsurer`. */
@Entity('coverage_change')
@Check('coverage_change_object', `jsonb_typeof(changed) = 'object'`)
@Check('coverage_change_number', `(number_key is not null) = (changed ? 'insuredIdentificationNumber')`)
@Index('coverage_change_qualification', ['qualificationId'])
@Index('coverage_change_number_key', ['numberKey'])
@Index('coverage_change_enrollment', ['enrollmentId'])
export class CoverageChangeEntity extends ChangeOfFacts {
  @Id('coverage_change')
  changeId: string;

  @Column({ name: 'qualification_id', type: 'bigint' })
  qualificationId: string;

  @ManyToOne(() => QualificationEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'qualification_id', foreignKeyConstraintName: 'coverage_change_qualification_fk' })
  qualification: QualificationEntity;

  /** A number in its normal form, by which the coverage is found. */
  @Column({ name: 'number_key', type: 'text', nullable: true })
  numberKey: string | null;

  @ManyToOne(() => EnrollmentEntity, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'enrollment_id', foreignKeyConstraintName: 'coverage_change_enrollment_fk' })
  enrollment: EnrollmentEntity | null;
}
