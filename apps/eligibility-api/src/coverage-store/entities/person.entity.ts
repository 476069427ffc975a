import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An insured person as insurers filed them. No individual number: that lives in the office's vault and nowhere else. */
@Entity('person')
@Check('person_sex1_known', `sex1 in ('1', '2', '3')`)
@Check('person_sex2_known', `sex2 in ('1', '2', '3')`)
@Check('person_post_number_form', `post_number ~ '^[0-9]{3}-[0-9]{4}$'`)
@Index('person_registry_ref', ['registryPersonRef'], { unique: true })
export class PersonEntity {
  @PrimaryColumn({
    name: 'person_id',
    type: 'bigint',
    primaryKeyConstraintName: 'person_pk',
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
  })
  personId: string;

  @Column({ name: 'registry_person_ref', type: 'text', nullable: true })
  registryPersonRef: string | null;

  @Column({ name: 'name', type: 'text' })
  name: string;

  @Column({ name: 'name_kana', type: 'text' })
  nameKana: string;

  @Column({ name: 'name_of_other', type: 'text', nullable: true })
  nameOfOther: string | null;

  @Column({ name: 'name_of_other_kana', type: 'text', nullable: true })
  nameOfOtherKana: string | null;

  @Column({ name: 'sex1', type: 'text' })
  sex1: string;

  @Column({ name: 'sex2', type: 'text', nullable: true })
  sex2: string | null;

  @Column({ name: 'birthdate', type: 'date' })
  birthdate: string;

  @Column({ name: 'address', type: 'text', nullable: true })
  address: string | null;

  @Column({ name: 'post_number', type: 'text', nullable: true })
  postNumber: string | null;
}
