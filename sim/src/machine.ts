import { RULE_VERSION } from '@app/domain';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  appendFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { textOfRow } from '../../apps/eligibility-api/src/answers/ready-row.js';
import { logged, Repeating } from '../../apps/eligibility-api/src/background/repeating.js';
import { CertificateFeed } from '../../apps/eligibility-api/src/certificate-status/certificate-feed.js';
import { CertificateStatus } from '../../apps/eligibility-api/src/certificate-status/certificate-status.js';
import type { CertificateStatusView } from '../../apps/eligibility-api/src/certificate-status/certificate-status-view.js';
import { SeenCertificates } from '../../apps/eligibility-api/src/certificate-status/seen-certificates.js';
import { AnswerKeys } from '../../apps/eligibility-api/src/check-in/answer-keys.js';
import { readyBuilder } from '../../apps/eligibility-api/src/check-in/build-ready.js';
import type { FreshnessPolicy } from '../../apps/eligibility-api/src/check-in/freshness-policy.js';
import { isOver } from '../../apps/eligibility-api/src/check-in/card-facts.js';
import { ReadyAnswers } from '../../apps/eligibility-api/src/check-in/ready-answers.js';
import { VerifyEligibility } from '../../apps/eligibility-api/src/check-in/verify-eligibility.js';
import { Journal, type JournalDisk } from '../../apps/eligibility-api/src/check-log/journal.js';
import { JournalShipper } from '../../apps/eligibility-api/src/check-log/journal-shipper.js';
import { JournalTexts } from '../../apps/eligibility-api/src/check-log/journal-texts.js';
import { THIS_HOST } from '../../apps/eligibility-api/src/check-log/journal-files.js';
import { StraightChain } from '../../apps/eligibility-api/src/check-log/straight-chain.js';
import { GuardedRegistry } from '../../apps/eligibility-api/src/registry/guarded-registry.js';
import { JlisClient } from '../../apps/eligibility-api/src/registry/jlis-client.js';
import type { CertificateStatus as CertificateStatusWord } from '../../apps/eligibility-api/src/registry/registry.js';
import { GuardedSource } from '../../apps/eligibility-api/src/replica/guarded-source.js';
import { HeardSince } from '../../apps/eligibility-api/src/replica/heard-since.js';
import { Keeper, readyVersionOf } from '../../apps/eligibility-api/src/replica/keeper.js';
import { ReplicaFolder } from '../../apps/eligibility-api/src/replica/replica-folder.js';
import { Guesses } from '../../apps/eligibility-api/src/limits/guesses.js';
import { ReplicaKeys } from '../../apps/eligibility-api/src/replica/replica-keys.js';
import { ReplicaReader } from '../../apps/eligibility-api/src/replica/replica-reader.js';
import { ReplicatedFacts } from '../../apps/eligibility-api/src/replica/replicated-facts.js';
import { sound, type Plant } from './plants.js';
import type { Random } from './random.js';
import type { useFor } from './stand-ins.js';
import { SimulatedChecks, SimulatedCredentials, SimulatedFacts, type SimulatedStore } from './store.js';
import type { VirtualTime } from './virtual-time.js';

/** As the settings have them by default, and the intervals of counter.module.ts. */
export const REGISTRY_TIMEOUT_MS = 1_000;
const REGISTRY_CALLS_MAX = 100;
const RETRY_PERCENT = 10;
const CHECK_DEADLINE_MS = 2_500;
export const BREAKER_RESET_MS = 5_000;
export const AWAY_AFTER_MS = 3_000;
export const BEHIND_MS = 5_000;
const HEAR_EVERY_MS = 250;
/** Less often than there: it is what takes the simulation most of its time, and whoever sees less often has it harder. */
const SNAPSHOT_EVERY_MS = 50;
const SHIP_EVERY_MS = 250;
const BUILD_EVERY_MS = 250;
const PROBE_EVERY_MS = 250;
const FEED_EVERY_MS = 1_000;
/** A segment that is left waits for two of these, after half a second: within the second that the journal promises. */
const SYNC_TAKES_MAX_MS = 200;

export interface MachineOptions {
  /** One process that does everything, or one that keeps and some that answer. */
  readonly workers: number;
  readonly sealed: boolean;
  readonly sync: 'second' | 'group';
  readonly insurers: readonly string[];
  readonly policy: FreshnessPolicy;
}

interface Keys {
  readonly replica: Buffer;
  readonly answers: Buffer;
  readonly journal: Buffer;
}

/** A file of the journal, as it was written. */
export interface Written {
  readonly writer: string;
  readonly segment: number;
  text: string;
  synced: number;
  /** By the machine's clock. */
  touchedAt: number;
  /** When each line was written, in running time, by where it ends. */
  readonly lines: {
    readonly n: number;
    readonly end: number;
    readonly id: string | undefined;
    readonly at: number;
    mayBeLost: boolean;
  }[];
}

export interface Life {
  readonly owner: number;
  readonly role: 'whole' | 'keeper' | 'worker';
  readonly verify: VerifyEligibility;
  readonly reader: ReplicaReader;
  readonly writer: string;
  readonly end: () => void;
}

/** Readings of builders take a millisecond each, and there are a few keys. */
const builders = new Map<string, ReturnType<typeof readyBuilder>>();

/** One machine of ours: its disk, its keys, and the processes that run on it at the moment. */
export class Machine {
  readonly lives: Life[] = [];
  /** Files of the journal, by writer and name, also of those that have been shipped and removed. */
  readonly written = new Map<string, Written>();
  /** Ids of checks that stand whole in a file, or were committed straight. */
  readonly onRecord = new Set<string>();
  /** Places of chains that went with the power. */
  readonly lostPlaces = new Set<string>();
  disk: 'ok' | 'full' | 'sync-fails' = 'ok';

  private folders = 0;
  private folder: string;
  private owners = 0;
  private keys: Keys;
  private readonly pids = new Set<number>();

  constructor(
    private readonly root: string,
    private readonly time: VirtualTime,
    private readonly random: Random,
    private readonly store: SimulatedStore,
    readonly options: MachineOptions,
    private readonly node: ReturnType<typeof useFor>,
    private readonly plant: Plant = sound,
  ) {
    this.folder = this.newFolder();
    this.keys = this.newKeys();
    node.synced = (fd) => {
      const file = this.fileOf(fd);
      if (this.disk === 'sync-fails') {
        for (const line of file.lines) line.mayBeLost = true;
        throw Object.assign(new Error('input or output'), { code: 'EIO' });
      }
      file.synced = file.text.length;
    };
    node.touchedAt = (path) => this.written.get(path.split('/').slice(-2).join('/'))?.touchedAt ?? time.wall();
  }

  /** Those who answer. */
  get answering(): readonly Life[] {
    return this.lives.filter(({ role }) => role !== 'keeper');
  }

  async startMissing(): Promise<void> {
    const roles: Life['role'][] =
      this.options.workers === 0
        ? ['whole']
        : ['keeper', ...Array.from({ length: this.options.workers }, () => 'worker' as const)];
    for (const role of roles) {
      const wanted = roles.filter((one) => one === role).length;
      if (this.lives.filter((life) => life.role === role).length < wanted) await this.start(role);
    }
  }

  async start(role: Life['role']): Promise<void> {
    this.owners += 1;
    const owner = this.owners;
    await this.time.as(owner, () => this.lives.push(this.begin(owner, role)));
  }

  /** `kill -9`: what is in the files is there, and nothing else is done. */
  kill(life: Life): void {
    this.lives.splice(this.lives.indexOf(life), 1);
    this.time.kill(life.owner);
    this.pids.delete(life.owner);
    this.tearTail(life.writer);
    // Nobody makes durable what a process had not when it died; the kernel does, in its own time.
    for (const file of this.written.values())
      if (file.writer === life.writer) for (const line of file.lines) if (line.end > file.synced) line.mayBeLost = true;
    life.end();
    this.closeFilesOf(life.owner);
  }

  /** All processes at once, on files that are as they were at that instant. With the power, also what was not yet durable goes. */
  crash(power: boolean): Written['lines'] {
    const lost = power ? this.losePower() : [];
    const before = this.folder;
    const survived = this.newFolder();
    for (const part of ['replica', 'journal']) copyFolder(join(before, part), join(survived, part));
    this.folder = survived;
    for (const life of this.lives.slice()) this.kill(life);
    rmSync(before, { recursive: true, force: true });
    return lost;
  }

  rotateKeys(): void {
    this.keys = this.newKeys();
  }

  stop(): void {
    for (const life of this.lives.slice()) this.kill(life);
    for (const fd of this.node.openFiles.keys()) closeSync(fd);
  }

  private begin(owner: number, role: Life['role']): Life {
    const { time, store, options, plant } = this;
    const clock = { now: () => time.wall() };
    const policy = plant.policy(options.policy);
    const answerKeys = new AnswerKeys(this.keys.answers);
    const builder = plant.ready(builderOf(this.keys.answers, answerKeys));
    const replicaKeys = new ReplicaKeys(this.keys.replica);
    const folder = new ReplicaFolder(join(this.folder, 'replica'));
    const storeFacts = new SimulatedFacts(store);
    const storeChecks = new SimulatedChecks(store);

    const client = new JlisClient({ baseUrl: `http://process-${owner}`, timeoutMs: REGISTRY_TIMEOUT_MS });
    const ask = (serial: string, withinMs?: number) => client.certificateStatus(serial, withinMs);
    const registry = new GuardedRegistry(ask, clock, {
      timeoutMs: REGISTRY_TIMEOUT_MS,
      resetMs: BREAKER_RESET_MS,
      callsMax: REGISTRY_CALLS_MAX,
      retryPercent: RETRY_PERCENT,
      random: () => 0.5,
    });
    const reader = new ReplicaReader(folder, replicaKeys, {
      sealed: options.sealed,
      readyVersion: readyVersionOf(builder.version),
    });
    const feed = new CertificateFeed(client, plant.credentials(new SimulatedCredentials(store)), clock);
    const read = new CertificateStatus(feed, registry, clock, {
      awayAfterMs: AWAY_AFTER_MS,
      usableForMs: policy.credentialMaxAgeMs,
    });
    const certificates: CertificateStatusView =
      role === 'worker' ? new SeenCertificates(reader, registry, clock, AWAY_AFTER_MS) : read;
    const behindMs = plant.behindMs(BEHIND_MS);
    const words = new HeardSince<CertificateStatusWord>(({ status }) => isOver(status));
    const replicated = new ReplicatedFacts(reader, new GuardedSource(storeFacts), clock, {
      behindMs,
      certificatesConfirmedAt: () => certificates.confirmedAt,
    });
    const facts = plant.facts(replicated, () => [...store.credentials.keys()]);
    const ready = new ReadyAnswers({
      replica: reader,
      certificates,
      keys: answerKeys,
      policy,
      behindAfterMs: behindMs,
      knowsNewer: (serial, asOf, verifiedAt, now) =>
        words.after(serial, verifiedAt, now) !== undefined || replicated.knowsNewer(serial, asOf),
    });

    // A process has a number that no other of this machine has had.
    this.pids.add(owner);
    const began = new Date(time.wall()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const writer = `${began}-${THIS_HOST}-${owner}-${owner.toString(16).padStart(8, '0')}`;
    const journalFolder = join(this.folder, 'journal');
    const openRow = (row: Parameters<ReplicaKeys['openKept']>[0]): string => textOfRow(replicaKeys.openKept(row));
    const texts = new JournalTexts(this.keys.journal, openRow);
    const straight = new StraightChain({ writer, store: storeChecks, openRow });
    const journal = new Journal({
      folder: journalFolder,
      writer,
      seal: texts.seal(writer),
      ruleVersion: RULE_VERSION,
      sync: options.sync,
      bytesMax: 2 ** 32,
      segmentBytesMax: 24 * 1024,
      now: () => time.wall(),
      straight: async (checks) => {
        await straight.commit(checks);
        for (const { checkId } of checks) this.onRecord.add(checkId);
      },
      disk: this.diskOf(),
    });
    const keeper =
      role === 'worker'
        ? undefined
        : new Keeper(storeFacts, folder, replicaKeys, clock, builder, () => read.confirmedAt, {
            sealed: options.sealed,
            insurers: options.insurers,
          });
    const shipper = new JournalShipper({
      folder: journalFolder,
      store: storeChecks,
      texts,
      now: () => time.wall(),
      runs: (pid) => this.pids.has(pid),
      busy: () => 0,
    });

    const tasks = [
      logged({ name: 'replica-snapshot', everyMs: SNAPSHOT_EVERY_MS, run: async () => reader.refresh() }),
      logged({ name: 'registry-probe', everyMs: PROBE_EVERY_MS, run: () => registry.probe() }),
    ];
    if (keeper !== undefined)
      tasks.push(
        logged({
          name: 'changes',
          everyMs: HEAR_EVERY_MS,
          run: async (signal) => {
            await keeper.hear(signal);
            reader.refresh();
          },
        }),
        logged({ name: 'ready-answers', everyMs: BUILD_EVERY_MS, run: (signal) => keeper.buildReady(signal) }),
        logged({ name: 'shipping', everyMs: SHIP_EVERY_MS, run: (signal) => shipper.ship(signal) }),
        logged({ name: 'certificates', everyMs: FEED_EVERY_MS, run: (signal) => read.catchUp(signal) }),
      );
    reader.refresh();
    keeper?.resume();
    reader.refresh();
    if (role !== 'worker') void read.resume();
    new Repeating(tasks).onApplicationBootstrap();

    const verify = new VerifyEligibility({
      facts,
      registry: plant.registry(registry, ask),
      certificates,
      words,
      ready,
      log: plant.log(journal),
      keys: answerKeys,
      clock,
      policy,
      guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
      deadlineMs: CHECK_DEADLINE_MS,
      plannedTables: false,
    });
    return {
      owner,
      role,
      verify,
      reader,
      writer,
      end: () => {
        reader.close();
        keeper?.close();
      },
    };
  }

  private diskOf(): JournalDisk {
    return {
      write: (fd, text, from) => {
        const file = this.fileOf(fd);
        const part = from === 0 ? text : text.slice(from);
        if (this.disk === 'full') {
          // A disk that is nearly full takes a part, and refuses the next.
          if (from > 0 || part.length < 40) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
          return writeSync(fd, part.slice(0, 20), null, 'latin1');
        }
        file.touchedAt = this.time.wall();
        const bytes = writeSync(fd, part, null, 'latin1');
        if (from + bytes === text.length) this.note(file, text);
        return bytes;
      },
      sync: async (fd) => {
        const file = this.fileOf(fd);
        const upTo = file.text.length;
        const fails = this.disk === 'sync-fails';
        await this.time.sleep(this.random.between(1, SYNC_TAKES_MAX_MS));
        if (fails) {
          for (const line of file.lines) if (line.end > file.synced) line.mayBeLost = true;
          throw Object.assign(new Error('input or output'), { code: 'EIO' });
        }
        file.synced = Math.max(file.synced, upTo);
      },
      syncFolder: () => this.time.sleep(this.random.between(1, 20)),
      close: (fd) => closeSync(fd),
    };
  }

  private fileOf(fd: number): Written {
    const path = this.node.openFiles.get(fd)?.path ?? '';
    const [name = '', writer = ''] = path.split('/').toReversed();
    const key = `${writer}/${name}`;
    const known = this.written.get(key);
    if (known !== undefined) return known;
    const file = { writer, segment: Number.parseInt(name, 10), text: '', synced: 0, touchedAt: 0, lines: [] };
    this.written.set(key, file);
    return file;
  }

  private note(file: Written, text: string): void {
    for (const line of text.split('\n').slice(0, -1)) {
      file.text += `${line}\n`;
      const [, n, id] = /^\{"n":(\d+),"id":"([\da-f-]{36})"/.exec(line) ?? [];
      file.lines.push({ n: Number(n), end: file.text.length, id, at: this.time.running, mayBeLost: false });
      if (id !== undefined) this.onRecord.add(id);
    }
  }

  /** Of every file that is being written, what was not yet synced goes, from anywhere in it. */
  private losePower(): Written['lines'] {
    const lost: Written['lines'] = [];
    for (const [key, file] of this.written) {
      const path = join(this.folder, 'journal', key);
      if (!existsSync(path) || file.synced >= file.text.length) continue;
      const kept = this.random.between(file.synced, file.text.length);
      truncateSync(path, kept);
      file.text = file.text.slice(0, kept);
      file.synced = kept;
      const gone = file.lines.filter(({ end }) => end > kept);
      file.lines.splice(file.lines.length - gone.length, gone.length);
      lost.push(...gone);
      for (const { id, n } of gone) {
        if (id !== undefined) this.onRecord.delete(id);
        this.lostPlaces.add(`${file.writer} ${n}`);
      }
      file.text = file.text.slice(0, file.lines.at(-1)?.end ?? 0);
    }
    return lost;
  }

  /** Now and then a process dies in the middle of a write, which nobody was told of. */
  private tearTail(writer: string): void {
    if (!this.random.chance(0.5)) return;
    const last = [...this.written.values()].findLast((file) => file.writer === writer);
    if (last === undefined) return;
    const path = join(this.folder, 'journal', writer, `${String(last.segment).padStart(6, '0')}.ndjson`);
    if (existsSync(path) && last.text !== '')
      appendFileSync(path, '{"n":9999,"id":"019ab'.slice(0, this.random.between(1, 21)));
  }

  /** Its own, and not those that others have open to read what it wrote: their number would be given to somebody else. */
  private closeFilesOf(owner: number): void {
    for (const [fd, file] of this.node.openFiles) if (file.owner === owner) closeSync(fd);
  }

  private newFolder(): string {
    this.folders += 1;
    const folder = join(this.root, String(this.folders));
    mkdirSync(join(folder, 'replica'), { recursive: true });
    mkdirSync(join(folder, 'journal'), { recursive: true });
    return folder;
  }

  private newKeys(): Keys {
    const key = (): Buffer => {
      // A few keys, so that what is made from each is made once.
      const bytes = Buffer.alloc(32, this.random.upTo(8));
      return bytes;
    };
    return { replica: key(), answers: key(), journal: key() };
  }
}

const builderOf = (master: Buffer, keys: AnswerKeys): ReturnType<typeof readyBuilder> => {
  const name = master.toString('hex');
  const known = builders.get(name);
  if (known !== undefined) return known;
  const made = readyBuilder(keys, false);
  builders.set(name, made);
  return made;
};

/** The shared memory of a file's readers is theirs, and not the disk's. */
const copyFolder = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyFolder(join(from, entry.name), join(to, entry.name));
    else if (!entry.name.endsWith('-shm')) copyFileSync(join(from, entry.name), join(to, entry.name));
  }
};
