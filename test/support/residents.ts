import { withClient } from '../../scripts/launcher/database.mjs';
import type { World } from './world.js';

/** A line of the registry's population. */
export interface Resident {
  readonly personRef: string;
  readonly kanjiName: string;
  readonly kanaName: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly address: string;
  readonly postNumber: string;
  readonly scenario?: string;
  readonly certificates: readonly { readonly serial: string; readonly status: string; readonly notAfter?: string }[];
}

export const residentsOf = async (world: Pick<World, 'mockUrl'>): Promise<Resident[]> => {
  const lines = (await (await fetch(`${world.mockUrl}/v1/population`)).text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Resident);
};

/** Residents of working age with a good card whom no insurer has filed. */
export const strangersTo = async (world: Pick<World, 'mockUrl' | 'database'>): Promise<Resident[]> => {
  const known = await withClient(world.database.adminUrl, async (db) => {
    const { rows } = await db.query<{ ref: string }>('select registry_person_ref as ref from person');
    return new Set(rows.map(({ ref }) => ref));
  });
  return (await residentsOf(world)).filter(
    ({ personRef, scenario, birthDate, certificates }) =>
      scenario === undefined &&
      !known.has(personRef) &&
      birthDate > '1965-01-01' &&
      birthDate < '2000-01-01' &&
      certificates.some(({ status }) => status === 'good'),
  );
};

/** What an employer would file of somebody, without their number at the insurer. */
export const personOf = ({ kanjiName, kanaName, birthDate, sex, address, postNumber }: Resident) => ({
  name: kanjiName,
  nameKana: kanaName,
  birthdate: birthDate,
  sex1: sex,
  address,
  postNumber,
});
