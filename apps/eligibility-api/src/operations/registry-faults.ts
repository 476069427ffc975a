import type { JlisFaults } from '@app/contracts/jlis';

import { ProblemException } from '../problems/problem.exception.js';

const TIMEOUT_MS = 2_000;

/** The fault switches of the mock registry, passed through: what the mock says is what the operator gets. */
export class RegistryFaults {
  constructor(private readonly url: string | undefined) {}

  read(): Promise<JlisFaults> {
    return this.call({});
  }

  replace(faults: JlisFaults): Promise<JlisFaults> {
    return this.call({ method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
  }

  private async call(init: RequestInit): Promise<JlisFaults> {
    // A real registry has no switches, and nothing of this is ever sent to one.
    if (this.url === undefined) throw new ProblemException('not-found');
    let response: Response;
    try {
      response = await fetch(this.url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new ProblemException('registry-unavailable', { cause: error });
    }
    if (!response.ok)
      throw new ProblemException('registry-unavailable', { detail: `The mock registry replied ${response.status}.` });
    return (await response.json()) as JlisFaults;
  }
}
