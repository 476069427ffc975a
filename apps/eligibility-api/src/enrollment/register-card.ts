import type { CardRegistration, CardRegistrationRequest } from '@app/contracts';

import { tokyoInstant, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { RegistryFault, type Registry } from '../registry/registry.js';
import type { CardRegistrations } from './card-registrations.js';
import type { Filer } from './file-enrollment.js';

/** Registers a card for its holder, whom the registry names: whoever asks cannot choose. */
export class RegisterCard {
  constructor(
    private readonly registrations: CardRegistrations,
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  async of(
    { clientId, insurerNumber }: Filer,
    { certificateSerial, channel }: CardRegistrationRequest,
  ): Promise<CardRegistration> {
    const certificate = await this.registry
      .certificateStatus(certificateSerial.toUpperCase())
      .catch((error: unknown) => {
        if (error instanceof RegistryFault)
          throw new ProblemException('registry-unavailable', { cause: error, retryAfterSeconds: 5 });
        throw error;
      });
    const { status, personRef, notAfter } = certificate;
    if (status !== 'good') throw new ProblemException('card-not-usable', { detail: `The certificate is ${status}.` });
    if (personRef === undefined) throw new ProblemException('person-not-found');
    const registered = await this.registrations.register({
      insurerNumber,
      clientId,
      channel,
      certificate: { ...certificate, personRef },
      now: this.clock.now(),
    });
    if (registered === undefined) throw new ProblemException('person-not-found');
    return {
      insuredPersonId: registered.personId,
      channel: registered.channel,
      registeredAt: tokyoInstant(registered.registeredAt),
      ...(notAfter === undefined ? {} : { certificateExpirationDate: notAfter }),
    };
  }
}
