/** What decides whether a member of a result is shown, or how. */
export type MemberGroup = 'common' | 'limit' | 'diseases' | 'viewing' | 'reference';

const GROUPS: ReadonlyMap<string, MemberGroup> = new Map<string, MemberGroup>([
  ['costLimit', 'limit'],
  ['limitApplicationCertificateRelatedConsFlg', 'limit'],
  ['limitApplicationCertificateRelatedConsTime', 'limit'],
  ['limitApplicationCertificateRelatedInfo', 'limit'],
  ['specificDiseasesCertificateRelatedConsFlg', 'diseases'],
  ['specificDiseasesCertificateRelatedConsTime', 'diseases'],
  ['specificDiseases', 'diseases'],
  ...['specificHealthCheckups', 'pharmacists', 'diagnosis', 'operation'].flatMap((kind) =>
    ['ConsFlg', 'ConsTime', 'AvailableTime'].map((what) => [`${kind}Info${what}`, 'viewing'] as const),
  ),
  ['referenceNumber', 'reference'],
]);

/** By the name of a member on the wire. */
export const groupOf = (name: string): MemberGroup => GROUPS.get(name) ?? 'common';

/** Times that differ from one check to the next without the answer having changed. */
export const isTime = (name: string): boolean =>
  name === 'verifiedAt' || name.endsWith('ConsTime') || name.endsWith('AvailableTime');
