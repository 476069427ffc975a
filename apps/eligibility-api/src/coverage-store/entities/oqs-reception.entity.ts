import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A bulk request in the national system's own messages, between its receipt and the fetching of what came of it. */
@Entity('oqs_reception')
@Check('oqs_reception_number_form', `reception_number ~ '^[0-9]{20}$'`)
@Check('oqs_reception_kind', `kind in ('muquc', 'muimm', 'mutic', 'muhvq', 'muonq')`)
@Index('oqs_reception_request_key', ['requestKey'], { unique: true })
@Index('oqs_reception_received_at', ['receivedAt'])
export class OqsReceptionEntity {
  @PrimaryColumn({ name: 'reception_number', type: 'text', primaryKeyConstraintName: 'oqs_reception_pk' })
  receptionNumber: string;

  @Column({ name: 'institution_code', type: 'text' })
  institutionCode: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt: Date;

  /** The batch its people are asked about in; it is deleted by itself, and sooner than this. */
  @Column({ name: 'batch_id', type: 'uuid', nullable: true })
  batchId: string | null;

  /** Keyed hash of institution, file and contents: the same request leads to the same reception. */
  @Column({ name: 'request_key', type: 'text' })
  requestKey: string;

  /** Sealed. */
  @Column({ name: 'contents', type: 'bytea' })
  contents: Buffer;
}
