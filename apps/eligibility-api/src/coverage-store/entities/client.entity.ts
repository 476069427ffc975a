import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Who may ask for tokens. A secret is kept only as a salted scrypt hash, of a key only its public half (RFC 7517). */
@Entity('client')
@Check('client_kind_known', `kind in ('clinic', 'pharmacy', 'insurer', 'operator')`)
@Check('client_institution_form', `institution_code ~ '^[0-9]{10}$'`)
@Check(
  'client_of_its_kind',
  `(kind in ('clinic', 'pharmacy')) = (institution_code is not null) and (kind = 'insurer') = (insurer_number is not null)`,
)
export class ClientEntity {
  @PrimaryColumn({ name: 'client_id', type: 'text', primaryKeyConstraintName: 'client_pk' })
  clientId: string;

  @Column({ name: 'kind', type: 'text' })
  kind: string;

  @Column({ name: 'secret_hash', type: 'text', nullable: true })
  secretHash: string | null;

  /** A JWK set. */
  @Column({ name: 'jwks', type: 'jsonb', nullable: true })
  jwks: { keys: object[] } | null;

  /** Its tokens are bound to a key, or not accepted (RFC 9449). */
  @Column({ name: 'bound_tokens', type: 'boolean', default: false })
  boundTokens: boolean;

  @Column({ name: 'scopes', type: 'text', array: true })
  scopes: string[];

  @Column({ name: 'institution_code', type: 'text', nullable: true })
  institutionCode: string | null;

  @Column({ name: 'insurer_number', type: 'text', nullable: true })
  insurerNumber: string | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
