import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

export const REGISTRY_MODES = ['ok', 'slow', 'hang', 'reset', 'error', 'garbage', 'liar', 'stale'] as const;
export type RegistryMode = (typeof REGISTRY_MODES)[number];
export type Operation = 'certificate-status' | 'certificate-changes' | 'population';
export const OPERATIONS: readonly Operation[] = ['certificate-status', 'certificate-changes', 'population'];

/** What is true of one certificate from an instant on. */
export interface CertificateVersion {
  readonly at: number;
  readonly status: 'good' | 'revoked' | 'superseded';
  readonly notAfter: string;
  readonly supersededBy?: string;
}

export interface Certificate {
  readonly serial: string;
  readonly holder: string;
  readonly supersedes?: string;
  readonly versions: CertificateVersion[];
}

/** A word of the registry that reached whoever asked. `serial` is undefined where it was about all of them. */
export interface Said {
  readonly askedAt: number;
  readonly heardAt: number;
  readonly serial: string | undefined;
}

/** A question about one certificate, as the registry counts them. */
interface Call {
  readonly process: number;
  readonly startedAt: number;
}

const SLOW_MS = 3_000;
const encoder = new TextEncoder();

/** J-LIS: the truth about certificates, a feed of its changes, and everything that can be wrong with asking it. */
export class SimulatedRegistry {
  readonly certificates = new Map<string, Certificate>();
  readonly said: Said[] = [];
  readonly modes: Record<Operation, RegistryMode> = {
    'certificate-status': 'ok',
    'certificate-changes': 'ok',
    population: 'ok',
  };
  /** Calls about one certificate that have begun. */
  readonly calls: Call[] = [];
  underWay = 0;
  /** Told of every call about one certificate, and of how it ended. */
  watch: { began(process: number): void; ended(process: number, failed: boolean): void } | undefined;

  private generation = 1;
  private log: { readonly sequence: number; readonly serial: string; readonly at: number }[] = [];
  private sequence = 0;
  /** How much of its beginning the feed had forgotten, and when. */
  private truncations: { readonly at: number; readonly keptFrom: number }[] = [];
  private lifeBegan = Number.NEGATIVE_INFINITY;
  /** The registry answers from a copy that is this old. Milliseconds. */
  private readonly lags: { readonly from: number; readonly lag: number }[] = [
    { from: Number.NEGATIVE_INFINITY, lag: 0 },
  ];

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  issue(serial: string, holder: string, notAfter: string, supersedes?: string): void {
    this.certificates.set(serial, {
      serial,
      holder,
      ...(supersedes === undefined ? {} : { supersedes }),
      versions: [{ at: this.time.now, status: 'good', notAfter }],
    });
    this.note(serial);
  }

  change(serial: string, to: Pick<CertificateVersion, 'status' | 'supersededBy'>): void {
    const { versions } = this.certificates.get(serial) as Certificate;
    const { notAfter } = versions.at(-1) as CertificateVersion;
    versions.push({ at: this.time.now, notAfter, ...to });
    this.note(serial);
  }

  /** The feed forgets its beginning. */
  truncate(): void {
    this.truncations.push({ at: this.time.now, keptFrom: this.sequence });
  }

  /** The registry's data begin another life: sequences begin anew. */
  beginAnew(): void {
    this.generation += 1;
    this.log = [];
    this.sequence = 0;
    this.truncations = [];
    this.lifeBegan = this.time.now;
    // Everybody is there from its beginning, and everything in it as it is by now.
    this.fallBehind(0);
  }

  fallBehind(lag: number): void {
    this.lags.push({ from: this.time.now, lag });
  }

  get lag(): number {
    return this.lags.at(-1)?.lag ?? 0;
  }

  /** The numbers of all versions of a certificate that the registry would have told between two instants. */
  versionsWithin(serial: string, from: number, to: number): number[] {
    const certificate = this.certificates.get(serial);
    if (certificate === undefined) return [];
    const found = new Set<number>();
    for (const [i, { from: begin, lag }] of this.lags.entries()) {
      const end = this.lags[i + 1]?.from ?? Number.POSITIVE_INFINITY;
      const [low, high] = [Math.max(from, begin) - lag, Math.min(to, end) - lag];
      if (low > high) continue;
      for (const [n, { at }] of certificate.versions.entries()) {
        const until = certificate.versions[n + 1]?.at ?? Number.POSITIVE_INFINITY;
        if (at <= high && until >= low) found.add(n);
      }
    }
    return [...found];
  }

  /** Whether the copy that it answers from may not have held a certificate at some instant of a stretch. */
  isUnheardOf(serial: string, from: number, to: number): boolean {
    const issued = this.certificates.get(serial)?.versions[0]?.at ?? Number.POSITIVE_INFINITY;
    return this.lags.some(({ from: begin, lag }, i) => {
      const end = this.lags[i + 1]?.from ?? Number.POSITIVE_INFINITY;
      return begin <= to && end >= from && Math.max(from, begin) - lag < issued;
    });
  }

  /** Answers a request as `fetch` would. `process` is whose breaker it came through. */
  async fetch(process: number, url: URL, { signal, body }: RequestInit): Promise<Response> {
    const operation = url.pathname.slice('/v1/'.length) as Operation;
    const isStatus = operation === 'certificate-status';
    const askedAt = this.time.now;
    if (isStatus) {
      this.calls.push({ process, startedAt: askedAt });
      this.underWay += 1;
      this.watch?.began(process);
    }
    let failed = true;
    try {
      const response = await this.reply(operation, url, signal ?? undefined, isStatus ? (body as string) : '', askedAt);
      failed = response.failed;
      return response.response;
    } finally {
      if (isStatus) {
        this.underWay -= 1;
        this.watch?.ended(process, failed);
      }
    }
  }

  private async reply(
    operation: Operation,
    url: URL,
    signal: AbortSignal | undefined,
    body: string,
    askedAt: number,
  ): Promise<{ response: Response; failed: boolean }> {
    const mode = this.modes[operation];
    const { random } = this;
    await this.wait(mode === 'slow' ? random.between(100, SLOW_MS) : random.between(1, 20), signal);
    switch (mode) {
      case 'hang':
        await this.wait(Number.POSITIVE_INFINITY, signal);
        throw new Error('a call that hangs has ended');
      case 'reset':
        throw new TypeError('fetch failed');
      case 'error':
        return { response: replyOf(503, '{}'), failed: true };
      case 'garbage':
        return { response: this.garbage(operation), failed: true };
      case 'liar':
        if (operation !== 'population') return { response: this.lie(operation, url, body), failed: true };
        break;
      case 'ok':
      case 'slow':
      case 'stale':
    }
    const told = this.told();
    switch (operation) {
      case 'certificate-status': {
        const { serial } = JSON.parse(body) as { serial: string };
        this.said.push({ askedAt, heardAt: this.time.now, serial });
        return { response: replyOf(200, JSON.stringify(this.statusOf(serial, told))), failed: false };
      }
      case 'certificate-changes':
        return { response: this.changes(url, told, askedAt), failed: false };
      case 'population':
        this.said.push({ askedAt, heardAt: this.time.now, serial: undefined });
        return { response: this.population(told), failed: false };
    }
  }

  /** The instant whose truth the registry tells. */
  private told(): number {
    return Math.max(this.time.now - this.lag, this.lifeBegan);
  }

  /** The last sequence there was then. */
  private sequenceAt(at: number): number {
    return this.log.findLast((entry) => entry.at <= at)?.sequence ?? 0;
  }

  private statusOf(serial: string, at: number): object {
    const certificate = this.certificates.get(serial);
    const version = certificate?.versions.findLast((one) => one.at <= at);
    const asOf = new Date(at).toISOString();
    return certificate === undefined || version === undefined
      ? { serial, status: 'unknown', asOf }
      : { ...wire(certificate, version), asOf };
  }

  private changes(url: URL, at: number, askedAt: number): Response {
    const after = Number(url.searchParams.get('after'));
    const last = this.sequenceAt(at);
    const keptFrom = this.truncations.findLast((one) => one.at <= at)?.keptFrom ?? 0;
    if (after < keptFrom) return replyOf(410, '{}');
    const page = this.log
      .filter((entry) => entry.sequence > after && entry.at <= at)
      .slice(0, this.random.chance(0.3) ? 2 : 5_000);
    const next = page.at(-1)?.sequence ?? Math.min(after, last);
    const heardAt = this.time.now;
    if (next === last) this.said.push({ askedAt, heardAt, serial: undefined });
    else for (const { serial } of page) this.said.push({ askedAt, heardAt, serial });
    return replyOf(
      200,
      JSON.stringify({
        changes: page.map(({ sequence, serial, at: changedAt }) => {
          const certificate = this.certificates.get(serial) as Certificate;
          const version = certificate.versions.findLast((one) => one.at <= changedAt) as CertificateVersion;
          return { ...wire(certificate, version), sequence, changedAt: new Date(changedAt).toISOString() };
        }),
        next,
        last,
        generation: `life-${this.generation}`,
        asOf: new Date(at).toISOString(),
      }),
    );
  }

  private population(at: number): Response {
    const people = new Map<string, object[]>();
    for (const certificate of this.certificates.values()) {
      const version = certificate.versions.findLast((one) => one.at <= at);
      if (version === undefined) continue;
      const held = people.get(certificate.holder) ?? [];
      held.push(wire(certificate, version));
      people.set(certificate.holder, held);
    }
    const lines = [...people].map(([holder, certificates]) =>
      JSON.stringify({ ...RESIDENT, personRef: holder, certificates }),
    );
    const sequence = this.sequenceAt(at);
    return replyOf(200, `${lines.join('\n')}\n`, {
      'registry-generation': `life-${this.generation}`,
      'registry-sequence': String(sequence),
    });
  }

  private garbage(operation: Operation): Response {
    if (operation === 'population') return replyOf(200, '{"half":');
    return replyOf(
      200,
      this.random.pick([
        '<html>Maintenance</html>',
        '',
        '[]',
        'null',
        '{"serial":"1234',
        '{"serial":"ABCDEF01","status":"fine","asOf":"2026-11-22T09:00:00+09:00"}',
        '{"changes":[{"serial":"ABCDEF01"}],"next":1,"last":1,"generation":"life-1","asOf":"2026-11-22T09:00:00+09:00"}',
      ]),
    );
  }

  /** Well formed, and about something else than what was asked. */
  private lie(operation: Operation, url: URL, body: string): Response {
    const told = this.told();
    if (operation === 'certificate-status') {
      const { serial } = JSON.parse(body) as { serial: string };
      const others = [...this.certificates.keys()].filter((other) => other !== serial);
      return replyOf(200, JSON.stringify(this.statusOf(this.random.pick(others), told)));
    }
    const after = Number(url.searchParams.get('after'));
    const base = { generation: `life-${this.generation}`, asOf: new Date(told).toISOString() };
    const one = (sequence: number): object => {
      const certificate = this.random.pick([...this.certificates.values()]);
      return {
        ...wire(certificate, certificate.versions[0] as CertificateVersion),
        sequence,
        changedAt: new Date(told).toISOString(),
      };
    };
    return replyOf(
      200,
      JSON.stringify(
        this.random.pick([
          // Passes over what lies between.
          { ...base, changes: [], next: after + 3, last: after + 3 },
          // A page that somebody else asked for.
          { ...base, changes: [one(Math.max(1, after - 1))], next: after, last: after },
          { ...base, changes: [one(after + 2), one(after + 1)], next: after + 2, last: after + 2 },
          { ...base, changes: [one(after + 1)], next: after + 4, last: after + 4 },
          // Says that there is more, and gives nothing.
          { ...base, changes: [], next: after, last: after + 9 },
        ]),
      ),
    );
  }

  private note(serial: string): void {
    this.sequence += 1;
    this.log.push({ sequence: this.sequence, serial, at: this.time.now });
  }

  private wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(signal?.reason as Error);
      if (signal?.aborted === true) return gone();
      signal?.addEventListener('abort', gone);
      if (Number.isFinite(ms))
        this.time.after(ms, () => {
          signal?.removeEventListener('abort', gone);
          resolve();
        });
    });
  }
}

const RESIDENT = {
  kanjiName: '見本　一',
  kanaName: 'ﾐﾎﾝ ﾊｼﾞﾒ',
  birthDate: '1980-05-05',
  sex: '1',
  address: '見本市１丁目',
  postNumber: '100-0000',
};

const wire = (
  { serial, holder, supersedes }: Certificate,
  { status, notAfter, supersededBy }: CertificateVersion,
): object => ({
  serial,
  status,
  notBefore: '2021-04-01',
  notAfter,
  personRef: holder,
  ...(supersedes === undefined ? {} : { supersedes }),
  ...(supersededBy === undefined ? {} : { supersededBy }),
});

/** As much of a `Response` as the client looks at; a stream for those who read lines of it. */
const replyOf = (status: number, text: string, headers: Record<string, string> = {}): Response => {
  const bytes = encoder.encode(text);
  const body =
    headers['registry-generation'] === undefined
      ? {
          async *[Symbol.asyncIterator]() {
            yield bytes;
          },
          cancel: async () => {},
        }
      : new ReadableStream<Uint8Array>({
          start: (controller) => {
            controller.enqueue(bytes);
            controller.close();
          },
        });
  return { status, body, headers: new Headers(headers) } as unknown as Response;
};
