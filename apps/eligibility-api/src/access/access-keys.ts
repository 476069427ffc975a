import type { OutsideKeys } from './outside-keys.js';
import type { SigningKeys, VerifyingKeys } from './signing-key.js';

/** Every key that tokens are made and verified with, to be looked at again now and then: keys change while processes run. */
export class AccessKeys {
  constructor(
    private readonly verifying: VerifyingKeys,
    /** Where tokens are issued. */
    private readonly signing: SigningKeys | undefined,
    private readonly outside: OutsideKeys | undefined,
  ) {}

  /** Who verifies hears of a new key before it signs. */
  async refresh(): Promise<void> {
    await this.verifying.refresh();
    await this.signing?.refresh();
  }

  async refreshOutside(): Promise<void> {
    await this.outside?.refresh();
  }
}
