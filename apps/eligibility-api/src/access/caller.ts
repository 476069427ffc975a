import type { Quota } from '../limits/quotas.js';

/** What a caller may do (api.md section 1). */
export const SCOPES = [
  'eligibility:check',
  'eligibility:batch',
  'checks:read',
  'rules:calculate',
  'rechecks:read',
  'enrollment:write',
  'enrollment:read',
  'documents:read',
  'accesses:read',
  'registrations:write',
  'operations',
] as const;
export type Scope = (typeof SCOPES)[number];

/** A person, and how well they proved themselves. */
interface Actor {
  readonly sub: string;
  /** By the claim `amr`: two factors of different kinds. */
  readonly hasTwoFactors: boolean;
}

/** Who calls, as the verified token says, and what they may still ask. */
export interface Caller {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** 10-digit code of a clinic or pharmacy. */
  readonly institutionCode?: string;
  /** Number of an insurer. */
  readonly insurerNumber?: string;
  /** The person acting through the client (`act.sub`), where the token names one. */
  readonly actor?: Actor;
  /** Of the key that the token is bound to (RFC 7638), where it is bound to one. */
  readonly keyThumbprint?: string;
  /** None for operators, and for what asks in a caller's name. */
  readonly quota?: Quota;
}

export type ClientKind = 'clinic' | 'pharmacy' | 'insurer' | 'operator';

const CARE_SCOPES: readonly Scope[] = [
  'eligibility:check',
  'eligibility:batch',
  'checks:read',
  'rules:calculate',
  'rechecks:read',
];

/** The scopes of each kind of client. */
export const scopesOfKind: Readonly<Record<ClientKind, readonly Scope[]>> = {
  clinic: CARE_SCOPES,
  pharmacy: CARE_SCOPES,
  insurer: [
    'rules:calculate',
    'enrollment:write',
    'enrollment:read',
    'documents:read',
    'accesses:read',
    'registrations:write',
  ],
  operator: ['operations'],
};
