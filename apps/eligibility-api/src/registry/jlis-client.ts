import {
  FIVE_ATTRIBUTES,
  JlisCertificateChanges,
  JlisCertificateStatusResponse,
  JlisPersonSearchResponse,
  JlisPopulationPerson,
  type JlisCandidate,
  type JlisCertificate,
  type JlisPersonSearchRequest,
} from '@app/contracts/jlis';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { parseStrictly } from '../json/parse-strictly.js';
import { IndividualNumber } from '../vault/individual-number.js';
import { SearchRefused, type PersonCandidate, type PersonSearchResult, type SearchRefusal } from './person-search.js';
import {
  RegistryFault,
  type CertificateChanges,
  type CertificateStatus,
  type Population,
  type RegistryFeed,
} from './registry.js';

const STATUS_BYTES_MAX = 16 * 1024;
const CHANGES_BYTES_MAX = 8 * 1024 * 1024;
/** Twenty people with everything as long as it may be, and every character written as an escape. */
const SEARCH_BYTES_MAX = 64 * 1024;
const REFUSAL_BYTES_MAX = 16 * 1024;
const CHANGES_PER_READING = 5_000;
/** Whoever waits for a line of the population waits as long as for so many calls. */
const SILENT_CALLS = 10;

export interface JlisClientOptions {
  /** Such as `http://127.0.0.1:3100`. */
  readonly baseUrl: string;
  /** Deadline of one call, from connecting to the last byte. */
  readonly timeoutMs: number;
}

/** Speaks the registry's wire, and believes nothing that does not have its shape. */
export class JlisClient implements RegistryFeed {
  constructor(private readonly options: JlisClientOptions) {}

  /** Rejects with `RegistryFault`. The deadline cancels the call itself, not only the wait for it. */
  async certificateStatus(serial: string, withinMs: number = Number.POSITIVE_INFINITY): Promise<CertificateStatus> {
    const deadline = AbortSignal.timeout(Math.ceil(Math.min(withinMs, this.options.timeoutMs)));
    const response = await this.call('/v1/certificate-status', deadline, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial }),
    });
    const answer = parsed(JlisCertificateStatusResponse, await json(response, STATUS_BYTES_MAX));
    // An answer about another certificate is no answer.
    if (answer.serial !== serial || !hasRealDays(answer)) throw new RegistryFault('garbage');
    return answer;
  }

  /**
   * Everybody who agrees with the question on enough of it. Rejects with `RegistryFault`, or with `SearchRefused` where the registry
   * says that the question is none. No individual number whose check digit does not hold comes past here.
   */
  async searchPeople(
    question: JlisPersonSearchRequest,
    withinMs: number = Number.POSITIVE_INFINITY,
  ): Promise<PersonSearchResult> {
    const deadline = AbortSignal.timeout(Math.ceil(Math.min(withinMs, this.options.timeoutMs)));
    const response = await this.reply('/v1/person-searches', deadline, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // The five attributes and nothing else that the question may carry.
      body: JSON.stringify(question, [...FIVE_ATTRIBUTES]),
    });
    if (response.status === 400) throw await refusalOf(response);
    const answer = parsed(JlisPersonSearchResponse, await json(await good(response), SEARCH_BYTES_MAX));
    const candidates = answer.candidates.map((candidate) => candidateFor(question, candidate));
    // One person twice would look like two, or be counted as one: neither is what was said.
    for (const key of ['personRef', 'individualNumber'] as const)
      if (new Set(answer.candidates.map((one) => one[key])).size < candidates.length)
        throw new RegistryFault('garbage');
    return { candidates, truncated: answer.truncated };
  }

  async certificateChanges(after: number, signal: AbortSignal): Promise<CertificateChanges> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.options.timeoutMs)]);
    const response = await this.call(`/v1/certificate-changes?after=${after}&limit=${CHANGES_PER_READING}`, deadline);
    const answer = parsed(JlisCertificateChanges, await json(response, CHANGES_BYTES_MAX));
    const { changes, next, last } = answer;
    const inOrder = changes.every((change, i) => change.sequence > (changes[i - 1]?.sequence ?? after));
    // The next place is where these changes end: one further on would pass revocations over, unseen.
    const end = changes.at(-1)?.sequence ?? Math.min(after, last);
    if (!inOrder || next !== end || next > last || !changes.every(hasRealDays)) throw new RegistryFault('garbage');
    return answer;
  }

  /** Streams: a whole population takes as long as it takes, and a stream that has fallen silent is given up. */
  async population(signal: AbortSignal): Promise<Population> {
    const silence = new Silence(SILENT_CALLS * this.options.timeoutMs);
    const response = await this.call('/v1/population', AbortSignal.any([signal, silence.signal])).catch(
      (error: unknown) => {
        silence.end();
        throw error;
      },
    );
    const generation = response.headers.get('registry-generation');
    const place = response.headers.get('registry-sequence') ?? '';
    const sequence = /^\d+$/.test(place) ? Number(place) : Number.NaN;
    if (response.body === null || generation === null || !Number.isSafeInteger(sequence)) {
      silence.end();
      await response.body?.cancel();
      throw new RegistryFault('garbage');
    }
    return { generation, sequence, people: people(response.body, silence) };
  }

  private async call(path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> {
    return good(await this.reply(path, signal, init));
  }

  private async reply(path: string, signal: AbortSignal, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.options.baseUrl), {
        ...init,
        signal,
        redirect: 'error',
        headers: { accept: 'application/json, application/x-ndjson', ...init.headers },
      });
    } catch (error) {
      throw faultOf(error);
    }
  }
}

/** Whatever is not 200 is no answer. */
const good = async (response: Response): Promise<Response> => {
  if (response.status === 200) return response;
  await response.body?.cancel();
  throw new RegistryFault(response.status === 410 ? 'feed-truncated' : 'status');
};

const REFUSALS: readonly SearchRefusal[] = ['search-too-wide', 'invalid-request'];

/** 400 in the registry's own words is a fault of ours; in anybody else's, that of whatever stands between. */
const refusalOf = async (response: Response): Promise<SearchRefused | RegistryFault> => {
  let problem: unknown;
  try {
    problem = await json(response, REFUSAL_BYTES_MAX);
  } catch (error) {
    const fault = faultOf(error);
    return fault.reason === 'garbage' ? new RegistryFault('status') : fault;
  }
  const code = (problem as { code?: unknown } | null)?.code;
  const refusal = REFUSALS.find((known) => known === code);
  return refusal === undefined ? new RegistryFault('status') : new SearchRefused(refusal);
};

/** A candidate says on what they agree with the question. What can be held against it at once is; a claim that is wrong is no answer. */
const candidateFor = (question: JlisPersonSearchRequest, candidate: JlisCandidate): PersonCandidate => {
  const { personRef, kanjiName, kanaName, birthDate, sex, address, postNumber, matchedAttributes } = candidate;
  const number = IndividualNumber.read(candidate.individualNumber);
  const agrees =
    new Set(matchedAttributes).size === matchedAttributes.length &&
    matchedAttributes.every((name) => question[name] !== undefined) &&
    (['birthDate', 'sex'] as const).every(
      (name) => !matchedAttributes.includes(name) || candidate[name] === question[name],
    );
  // Half a character would become another one on its way into the store.
  const isText = [personRef, kanjiName, kanaName, address].every((text) => text.isWellFormed());
  if (!number.ok || !agrees || !isText || !isRealDay(birthDate)) throw new RegistryFault('garbage');
  return {
    personRef,
    kanjiName,
    kanaName,
    birthDate,
    sex,
    address,
    postNumber,
    matchedAttributes,
    individualNumber: number.value,
  };
};

async function* people(body: ReadableStream<Uint8Array>, silence: Silence): AsyncGenerator<JlisPopulationPerson> {
  const lines = createInterface({ input: Readable.fromWeb(body), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      silence.broken();
      if (line === '') continue;
      const person = parsed(JlisPopulationPerson, parseJson(line));
      if (!person.certificates.every(hasRealDays)) throw new RegistryFault('garbage');
      yield person;
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    silence.end();
  }
}

/** Aborts when nothing has been heard for so long (or up to twice as long, as one timer does for all lines), milliseconds. */
class Silence {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;
  private isBroken = false;

  constructor(private readonly ms: number) {
    this.timer = this.begin();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  broken(): void {
    this.isBroken = true;
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private begin(): NodeJS.Timeout {
    return setTimeout(() => {
      if (!this.isBroken) {
        this.controller.abort(new DOMException('nothing was heard for too long', 'TimeoutError'));
        return;
      }
      this.isBroken = false;
      this.timer = this.begin();
    }, this.ms).unref();
  }
}

const faultOf = (error: unknown): RegistryFault => {
  if (error instanceof RegistryFault) return error;
  const timedOut = error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return new RegistryFault(timedOut ? 'timeout' : 'connection', { cause: error });
};

const json = async (response: Response, bytesMax: number): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw new RegistryFault('garbage');
      chunks.push(chunk);
    }
  } catch (error) {
    throw faultOf(error);
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'));
};

const parseJson = (text: string): unknown => {
  try {
    return parseStrictly(text);
  } catch (error) {
    throw new RegistryFault('garbage', { cause: error });
  }
};

const parsed = <T extends object>(shape: ClassConstructor<T>, value: unknown): T => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RegistryFault('garbage');
  let instance: T;
  try {
    instance = plainToInstance(shape, value);
  } catch (error) {
    // Nested so deep that it cannot be walked.
    throw new RegistryFault('garbage', { cause: error });
  }
  if (validateSync(instance, { forbidUnknownValues: true }).length > 0) throw new RegistryFault('garbage');
  return instance;
};

/** The shape alone lets 30 February through, which no calendar, rule or database could take. */
const hasRealDays = ({ notBefore, notAfter, revokedOn }: JlisCertificate): boolean =>
  [notBefore, notAfter, revokedOn].every((day) => day === undefined || isRealDay(day));

const isRealDay = (day: string): boolean => {
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
};
