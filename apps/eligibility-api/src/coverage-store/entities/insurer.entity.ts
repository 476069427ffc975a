import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** 保険者. The schema itself refuses a number whose check digit is wrong (`valid_insurer_number`). */
@Entity('insurer')
@Check('insurer_number_valid', `valid_insurer_number(insurer_number)`)
@Check('insurer_scheme_known', `scheme in ('shaho', 'kokuho', 'kouki', 'medical-aid')`)
export class InsurerEntity {
  @PrimaryColumn({ name: 'insurer_number', type: 'text', primaryKeyConstraintName: 'insurer_pk' })
  insurerNumber: string;

  @Column({ name: 'insurer_name', type: 'text' })
  insurerName: string;

  @Column({ name: 'scheme', type: 'text' })
  scheme: string;
}
