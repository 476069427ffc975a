import { answerFileName, parseFileName, readXml, writeXml } from '@app/oqs';
import { setTimeout } from 'node:timers/promises';

import { tokyoInstant } from '../../clock/clock.js';
import { askedOf } from '../asked.js';
import { noteOfProblem } from '../notes.js';
import { presentFailure } from '../present-answer.js';
import { DeskUnreachable, type Desk, type Incoming, type Outgoing } from '../desk.js';

const TIMEOUT_MS = 30_000;
/** Asked at once; more would only wait for each other. */
const AT_ONCE = 16;
/** A token is asked for anew this long before it ends. */
const EARLY_MS = 30_000;
const NAME_HEADER = 'Shikaku-File-Name';

export interface HttpDeskOptions {
  /** Base address of the counter. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long an answer is waited for before a clerk is told that there is none; ten seconds when left out. */
  readonly patienceMs?: number;
}

/** A clerk waits: after this long they are told that there is no answer. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 250;
/** Refusals that say nothing about the message, and pass. */
const PASSING: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** Answers by asking a counter somewhere else. */
export class HttpDesk implements Desk {
  private token: { readonly text: string; readonly endsAt: number } | undefined;
  private asking: Promise<string> | undefined;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: HttpDeskOptions) {}

  async reply(incoming: Incoming): Promise<Outgoing> {
    const giveUpAt = performance.now() + (this.options.patienceMs ?? PATIENCE_MS);
    for (;;) {
      try {
        return await this.inTurn(incoming);
      } catch (error) {
        if (!(error instanceof DeskUnreachable)) throw error;
        const failure = performance.now() < giveUpAt ? undefined : unanswered(incoming, this.options.now());
        if (failure !== undefined) return failure;
        if (performance.now() >= giveUpAt) throw error;
        await setTimeout(AGAIN_MS);
      }
    }
  }

  private async inTurn(incoming: Incoming): Promise<Outgoing> {
    await this.turn();
    try {
      const response = await this.post(incoming, await this.bearer());
      // It may have ended, or been revoked, before its time.
      return await outgoingOf(
        response.status === 401 ? await this.post(incoming, await this.bearer(true)) : response,
        incoming,
      );
    } finally {
      this.underWay -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    while (this.underWay >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.underWay += 1;
  }

  private post({ name, bytes }: Incoming, token: string): Promise<Response> {
    return asked(`${this.options.url}/v1/oqs/messages`, {
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/xml',
        [NAME_HEADER]: encodeURIComponent(name),
        'shikaku-operator': 'oqs:folder',
      },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
  }

  private bearer(anew = false): Promise<string> {
    if (!anew && this.token !== undefined && performance.now() < this.token.endsAt)
      return Promise.resolve(this.token.text);
    this.asking ??= this.fetchToken().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async fetchToken(): Promise<string> {
    const { url, clientId, clientSecret } = this.options;
    const credentials = [clientId, clientSecret].map((part) => encodeURIComponent(part)).join(':');
    const response = await asked(`${url}/oauth/token`, {
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    if (!response.ok) throw new DeskUnreachable({ cause: new Error(`token refused with ${response.status}`) });
    const { access_token: text, expires_in: seconds } = (await response.json()) as {
      access_token: string;
      expires_in: number;
    };
    this.token = { text, endsAt: performance.now() + seconds * 1000 - EARLY_MS };
    return text;
  }
}

const asked = async (url: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, { ...init, method: 'POST', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new DeskUnreachable({ cause: error });
  }
};

/** An answer, or that there can be none. Everything else (busy, away, not let in) is asked again: it says nothing about the message. */
const outgoingOf = async (response: Response, { name }: Incoming): Promise<Outgoing> => {
  if (response.status === 200)
    return { kind: 'answered', name: answerFileName(name) ?? name, bytes: Buffer.from(await response.arrayBuffer()) };
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    errors?: { code: string; detail: string }[];
  };
  const [error] = problem.errors ?? [];
  if (problem.code === 'malformed-message' && error !== undefined)
    return { kind: 'malformed', code: error.code, message: error.detail };
  if (response.status < 500 && !PASSING.has(response.status))
    return { kind: 'malformed', code: 'SHK3999', message: `照会できません（${problem.code ?? response.status}）。` };
  throw new DeskUnreachable({ cause: new Error(`refused with ${response.status}`) });
};

/** A question about one person gets a message that says there is no answer; what is not urgent waits. */
const unanswered = ({ name, bytes }: Incoming, now: number): Outgoing | undefined => {
  if (parseFileName(name)?.kind !== 'OQSsiquc01req') return undefined;
  const reading = readXml('OQSsiquc01req', bytes);
  if (reading.outcome === 'malformed') return undefined;
  const asked = askedOf(reading, tokyoInstant(now), '');
  const message = presentFailure(noteOfProblem('answer-unavailable'), asked, tokyoInstant(now));
  return {
    kind: 'answered',
    name: answerFileName(name) ?? name,
    bytes: writeXml('OQSsiquc01res', message, { echo: reading.echo }).bytes,
  };
};
