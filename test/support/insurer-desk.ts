import { decodeJwt, SignJWT } from 'jose';

import { readSigningKey } from '../../apps/eligibility-api/src/access/signing-key.js';
import { personOf, type Resident } from './residents.js';
import { eventually, type Reply, type World } from './world.js';

let numbers = 0;
/** What an employer files of somebody, each with a number of their own. */
export const filingOf = (resident: Resident, qualificationDate: string, more: object = {}) => ({
  kind: 'acquisition',
  qualificationDate,
  person: personOf(resident),
  insuredCardSymbol: '3001',
  insuredIdentificationNumber: String(70_000 + (numbers += 1)),
  insuredBranchNumber: '00',
  standardMonthlyRemuneration: 300_000,
  ...more,
});

/** A token as an outside issuer gives it, of somebody who acts through the insurer's client. */
export const tokenOf = async (world: World, sub: string | undefined, amr: unknown): Promise<string> => {
  const { keyId, privateKey } = await readSigningKey(world.settings.SECRETS_DIR);
  const claims = decodeJwt(await world.token('demo-insurer'));
  return new SignJWT({ ...claims, ...(sub === undefined ? {} : { act: { sub } }), amr })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keyId })
    .sign(privateKey);
};

/** An insurer's staff at the office: files, and follows what was filed. */
export class InsurerDesk {
  constructor(
    private readonly world: World,
    private readonly officeUrl: () => string,
  ) {}

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.world.call(method, path, {
      at: this.officeUrl(),
      client: 'demo-insurer',
      headers,
      ...(body === undefined ? {} : { body }),
    });
  }

  async read(enrollmentId: string): Promise<Reply['body']> {
    const reply = await this.call('GET', `/v1/enrollments/${enrollmentId}`);
    if (reply.status !== 200) throw new Error(`a filing cannot be read: ${reply.text}`);
    return reply.body;
  }

  /** A filing once it waits for the registry no more. */
  async settled(filed: Reply): Promise<Reply['body']> {
    if (filed.status !== 202) throw new Error(`it was not filed: ${filed.text}`);
    let found = filed.body;
    await eventually(async () => {
      found = await this.read(filed.body['enrollmentId'] as string);
      return !['received', 'looking-up'].includes(found['state'] as string);
    });
    return found;
  }

  async enrolled(filing: unknown): Promise<Reply['body']> {
    const found = await this.settled(await this.call('POST', '/v1/enrollments', filing));
    if (found['state'] !== 'registered') throw new Error(`nobody was registered: ${JSON.stringify(found)}`);
    return found;
  }

  async decide(enrollmentId: string, sub: string, decided: object): Promise<Reply> {
    return this.world.call('POST', `/v1/enrollments/${enrollmentId}/reviews`, {
      at: this.officeUrl(),
      client: null,
      headers: { authorization: `Bearer ${await tokenOf(this.world, sub, ['pwd', 'otp'])}` },
      body: { reason: '本人に電話で確認した。書類の写しを保管した。', ...decided },
    });
  }

  register(certificateSerial: string | undefined): Promise<Reply> {
    return this.call('POST', '/v1/card-registrations', { certificateSerial, channel: 'reader' });
  }
}
