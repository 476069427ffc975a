import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that may be used once, and until when it could be used again if nobody had noted it. */
@Entity('used_id')
@Index('used_id_until', ['until'])
export class UsedIdEntity {
  /** SHA-256 of its kind, whose it is and its id. */
  @PrimaryColumn({ name: 'id_hash', type: 'bytea', primaryKeyConstraintName: 'used_id_pk' })
  idHash: Buffer;

  @Column({ name: 'until', type: 'timestamptz', precision: 3 })
  until: Date;
}
