/** What a client may ask in a time; used up, it fills again as time goes by (a token bucket). */
export interface QuotaSize {
  readonly requests: number;
  readonly seconds: number;
}

/** Of one client, in this process. */
export class Quota {
  private left: number;
  private at: number;
  private readonly perMs: number;
  private readonly half: number;
  /** Structured field of draft-ietf-httpapi-ratelimit-headers-10 section 3. */
  private readonly policy: string;

  constructor(
    private readonly size: QuotaSize,
    /** Milliseconds that only go forward. */
    private readonly now: () => number,
  ) {
    this.left = size.requests;
    this.at = now();
    this.perMs = size.requests / (size.seconds * 1000);
    this.half = size.requests / 2;
    this.policy = `"requests";q=${size.requests};w=${size.seconds}`;
  }

  /** Takes one, where there is one. */
  take(now = this.now()): boolean {
    this.left = Math.min(this.size.requests, this.left + (now - this.at) * this.perMs);
    this.at = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }

  /** One that was taken is taken again elsewhere. */
  giveBack(): void {
    this.left += 1;
  }

  /** Seconds until there is one. */
  get retryAfterSeconds(): number {
    return Math.max(1, Math.ceil((1 - this.left) / this.perMs / 1000));
  }

  /**
   * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), told when less than half is left: to whoever
   * is far from it they say nothing, and would be a twentieth of the reply's head.
   */
  get fields(): { readonly policy: string; readonly limit: string } | undefined {
    if (this.left >= this.half) return undefined;
    const fullInSeconds = Math.ceil((this.size.requests - this.left) / this.perMs / 1000);
    return { policy: this.policy, limit: `"requests";r=${Math.floor(Math.max(0, this.left))};t=${fullInSeconds}` };
  }
}

/** The quotas of all clients. There are as many as clients whose token was verified. */
export class Quotas {
  private readonly quotas = new Map<string, Quota>();

  constructor(
    private readonly size: QuotaSize,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** None for operators: they are needed most when there is too much of everything. */
  of({ clientId, scopes }: { readonly clientId: string; readonly scopes: ReadonlySet<string> }): Quota | undefined {
    if (scopes.has('operations')) return undefined;
    let quota = this.quotas.get(clientId);
    if (quota === undefined) {
      quota = new Quota(this.size, this.now);
      this.quotas.set(clientId, quota);
    }
    return quota;
  }
}
