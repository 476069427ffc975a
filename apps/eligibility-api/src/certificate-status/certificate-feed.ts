import { Logger } from '@nestjs/common';

import type { NamedCertificate, CredentialStore } from '../coverage-store/credential-store.js';
import type { Clock } from '../clock/clock.js';
import { RegistryFault, type CertificateChanges, type RegistryFeed } from '../registry/registry.js';

const CERTIFICATES_PER_WRITE = 1_000;
const SAVE_EVERY_MS = 60_000;

/**
 * Follows the registry's feed of certificate changes and stores them. Reading the feed to its end confirms every certificate
 * at once: what did not change is as it was. A feed that has begun anew (another generation) says nothing of what we missed, so
 * the whole population is read again before anything is confirmed. Fewer changes of the same generation than we have read are
 * those of an old copy, since the registry never uses a sequence twice: nothing of it is believed.
 */
export class CertificateFeed {
  private generation: string | undefined;
  position = 0;
  /** Everything stored about certificates was true at this instant, epoch milliseconds; undefined before the first reading ever. */
  confirmedAt: number | undefined;
  private readonly logger = new Logger('CertificateFeed');
  private savedAt = 0;
  private resumed: Promise<void> | undefined;

  constructor(
    private readonly feed: RegistryFeed,
    private readonly store: Pick<CredentialStore, 'position' | 'name' | 'savePosition'>,
    private readonly clock: Clock,
  ) {}

  /** Takes up where an earlier process was, once. */
  resume(): Promise<void> {
    this.resumed ??= this.readPosition().catch((error: unknown) => {
      this.resumed = undefined;
      throw error;
    });
    return this.resumed;
  }

  private async readPosition(): Promise<void> {
    const stored = await this.store.position();
    if (stored === undefined) return;
    this.generation = stored.generation;
    this.position = stored.position;
    this.confirmedAt = stored.confirmedAt;
  }

  /** Reads what is new, to the end. Rejects when the registry or the store is away; what was stored until then is kept. */
  async catchUp(signal: AbortSignal): Promise<void> {
    if (this.generation === undefined) await this.resume();
    let isAfresh = false;
    for (;;) {
      const askedAt = this.clock.now();
      const reading = await this.changes(signal);
      if (reading === undefined || reading.generation !== this.generation) {
        // Begun anew again while we read: the next turn goes on, at its own pace.
        if (isAfresh) throw new RegistryFault('garbage');
        await this.readAfresh(signal);
        isAfresh = true;
        continue;
      }
      // A copy that is behind what it has told before: it would bring back certificates that have been revoked since.
      if (reading.last < this.position) throw new RegistryFault('stale');
      // Going back would read the same changes for ever.
      if (reading.next < this.position) throw new RegistryFault('garbage');
      const isEnd = reading.next >= reading.last;
      await this.store.name(
        latest(reading.changes).flatMap(named),
        isEnd ? askedAt : sinceOf(reading, askedAt),
        'changes',
      );
      const moved = reading.next !== this.position;
      this.position = reading.next;
      if (reading.next < reading.last) {
        if (moved) continue;
        throw new RegistryFault('garbage');
      }
      this.confirmedAt = askedAt;
      // A confirmation a second would be a write a second; one a minute is enough to begin from after a restart.
      if (moved || askedAt - this.savedAt >= SAVE_EVERY_MS) await this.saveIfPossible(askedAt);
      return;
    }
  }

  private async changes(signal: AbortSignal): Promise<CertificateChanges | undefined> {
    try {
      return await this.feed.certificateChanges(this.position, signal);
    } catch (error) {
      if (error instanceof RegistryFault && error.reason === 'feed-truncated') return undefined;
      throw error;
    }
  }

  /** Not saved, it is read again after a restart. That the store is away is no silence of the registry's. */
  private async saveIfPossible(confirmedAt: number): Promise<void> {
    try {
      await this.save(confirmedAt);
    } catch (error) {
      this.logger.debug({ event: 'feed-position-unsaved', cause: (error as Error).name });
    }
  }

  private async save(confirmedAt: number): Promise<void> {
    if (this.generation === undefined) return;
    await this.store.savePosition({ generation: this.generation, position: this.position, confirmedAt });
    this.savedAt = confirmedAt;
  }

  /** What changes while the population is read is read again as a change: the position is that of its beginning. */
  private async readAfresh(signal: AbortSignal): Promise<void> {
    const startedAt = this.clock.now();
    const { generation, sequence, people } = await this.feed.population(signal);
    if (generation === this.generation && sequence < this.position) throw new RegistryFault('stale');
    let batch: NamedCertificate[] = [];
    for await (const person of people) {
      batch.push(...person.certificates.flatMap(named));
      if (batch.length >= CERTIFICATES_PER_WRITE) {
        await this.store.name(batch, startedAt, 'population');
        batch = [];
      }
    }
    await this.store.name(batch, startedAt, 'population');
    this.generation = generation;
    this.position = sequence;
    await this.save(startedAt);
  }
}

/** What is said last of each certificate: of two words in one statement PostgreSQL would take either. */
const latest = (changes: CertificateChanges['changes']): CertificateChanges['changes'] => {
  const bySerial = new Map<string, CertificateChanges['changes'][number]>();
  for (const change of changes) {
    const supersedes = change.supersedes ?? bySerial.get(change.serial)?.supersedes;
    bySerial.set(change.serial, supersedes === undefined ? change : { ...change, supersedes });
  }
  return [...bySerial.values()];
};

/** A page with others behind it tells how it was when it was written: on one of those the same certificate may be revoked. */
const sinceOf = ({ changes }: CertificateChanges, askedAt: number): number => {
  const changedAt = Date.parse(changes[0]?.changedAt ?? '');
  return Number.isNaN(changedAt) ? 0 : Math.min(askedAt, changedAt);
};

/** `unknown` in a feed or a population would be a contradiction; it names nothing. */
const named = (certificate: { status: string } & Omit<NamedCertificate, 'status'>): NamedCertificate[] => {
  const { serial, status, notBefore, notAfter, revokedOn, supersededBy, supersedes } = certificate;
  if (status === 'unknown') return [];
  return [
    {
      serial,
      status: status as NamedCertificate['status'],
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(notAfter === undefined ? {} : { notAfter }),
      ...(revokedOn === undefined ? {} : { revokedOn }),
      ...(supersededBy === undefined ? {} : { supersededBy }),
      ...(supersedes === undefined ? {} : { supersedes }),
    },
  ];
};
