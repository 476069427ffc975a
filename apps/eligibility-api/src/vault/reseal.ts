import type { DataSource } from 'typeorm';

import { VaultSealBroken, type Sealed, type VaultSeal } from './vault-seal.js';

/** What sealing anew came to. */
export interface Resealed {
  readonly resealed: number;
  /** People whose number could not be opened: it is as it was. */
  readonly broken: readonly string[];
}

const AT_ONCE = 500;

/** That they are opened, and what for, is committed before any of them is. */
const NEXT = `
with next as (
  select vault_id, person_id, key_id, sealed from individual_number where vault_id > $1 and key_id <> $2 order by vault_id limit ${AT_ONCE}),
noted as (
  insert into individual_number_opening (person_id, opened_at, client_id, operator, purpose)
  select person_id, $3, $4, null, 'key-change' from next)
select vault_id::text as "vaultId", person_id::text as "personId", key_id as "keyId", sealed from next order by vault_id`;

/** Not what somebody has sealed anew meanwhile. */
const RESEAL = `
update individual_number i set key_id = $1, sealed = given.sealed
from unnest($2::bigint[], $3::text[], $4::bytea[]) as given (vault_id, key_id, sealed)
where i.vault_id = given.vault_id and i.key_id = given.key_id returning i.vault_id`;

interface Row extends Sealed {
  readonly vaultId: string;
  readonly personId: string;
}

/**
 * Seals every number under the current key that is sealed under an older one, some hundred at a time, so that the older key can go. May be
 * interrupted, repeated, and run beside an office that knows both keys. No number leaves this function.
 */
export const resealVault = async (
  dataSource: DataSource,
  seal: VaultSeal,
  clientId: string,
  now: () => number,
  progress: (resealed: number) => void = () => {},
): Promise<Resealed> => {
  const broken: string[] = [];
  let resealed = 0;
  for (let last = '0'; ;) {
    const rows = await dataSource.query<Row[]>(NEXT, [last, seal.currentKeyId, new Date(now()), clientId]);
    const anew = rows.flatMap((row) => {
      try {
        return [{ ...row, sealed: seal.close(row.personId, seal.open(row.personId, row)).sealed }];
      } catch (error) {
        if (!(error instanceof VaultSealBroken)) throw error;
        broken.push(row.personId);
        return [];
      }
    });
    const changed = await dataSource.query<[unknown[], number]>(RESEAL, [
      seal.currentKeyId,
      anew.map(({ vaultId }) => vaultId),
      anew.map(({ keyId }) => keyId),
      anew.map(({ sealed }) => sealed),
    ]);
    resealed += changed[1];
    progress(resealed);
    const end = rows.at(-1);
    if (end === undefined || rows.length < AT_ONCE) return { resealed, broken };
    last = end.vaultId;
  }
};
