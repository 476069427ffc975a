import type { DataSource } from 'typeorm';

import type { CardRegistrations, NewRegistration, RegisteredCard } from '../enrollment/card-registrations.js';
import { FilingsUnavailable } from '../enrollment/filings.js';

/**
 * The certificate under its holder, and that it was registered: both or neither, and only for somebody who is, was or will be insured at
 * that insurer. A certificate is nobody else's ever.
 */
const REGISTER = `
with holder as (
  select p.person_id from person p
  where p.registry_person_ref = $2 and exists (select from qualification q where q.person_id = p.person_id and q.insurer_number = $3)
),
linked as (
  insert into credential (serial, person_id, status, not_before, not_after, verified_at)
  select $1, person_id, 'good', $4, $5, $6 from holder
  on conflict (serial) do nothing
),
registered as (
  insert into card_registration (serial, person_id, channel, registered_at, client_id)
  select $1, person_id, $7, $6, $8 from holder
  on conflict (serial) do nothing
  returning person_id, channel, registered_at
)
select person_id as "personId", channel, (extract(epoch from registered_at) * 1000)::bigint as at from registered
union all
select r.person_id, r.channel, (extract(epoch from r.registered_at) * 1000)::bigint from card_registration r join holder h using (person_id)
where r.serial = $1`;

/** Registered cards in PostgreSQL. */
export class RegistrationStore implements CardRegistrations {
  constructor(private readonly dataSource: DataSource) {}

  async register(registration: NewRegistration): Promise<RegisteredCard | undefined> {
    const { certificate, insurerNumber, channel, clientId, now } = registration;
    try {
      const [row] = await this.dataSource.query<(Omit<RegisteredCard, 'registeredAt'> & { at: string })[]>(REGISTER, [
        certificate.serial,
        certificate.personRef,
        insurerNumber,
        certificate.notBefore ?? null,
        certificate.notAfter ?? null,
        new Date(now),
        channel,
        clientId,
      ]);
      return row === undefined
        ? undefined
        : { personId: row.personId, channel: row.channel, registeredAt: Number(row.at) };
    } catch (error) {
      throw new FilingsUnavailable({ cause: error });
    }
  }
}
