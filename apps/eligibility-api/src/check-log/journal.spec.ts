import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import { hash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync, appendFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUIDv7 } from 'node:crypto';

import { RecordUnavailable, type CheckRecord, type KeptRow } from './check-log.js';
import { NOW, openRow, recordOf, turned } from './check-log.fixture.js';
import { Journal, newWriter, type JournalDisk, type JournalParts } from './journal.js';
import { segmentFile } from './journal-files.js';
import { asciiJson, headFrom, lineHead, parseLine, partsOf, splicesOf, type JournalLine } from './journal-line.js';
import { JournalShipper } from './journal-shipper.js';
import { JournalTexts } from './journal-texts.js';
import { PastChecks } from './past-checks.js';
import {
  checkFrom,
  ChecksRefused,
  type JournalPosition,
  type KeptAnswer,
  type ShippedCheck,
  type ShippedChecks,
} from './shipped-checks.js';

const KEY = randomBytes(32);
/** What node:crypto says of bytes that do not fit their tag. */
const REFUSED = /unable to authenticate/;
const NAME = Buffer.from('資格　太郎', 'utf8').toString('latin1');

const answerOf = (i: number): string => `{"i":${i},"name":"${NAME}"}`;
const rowOf = (i: number, generation = 'a'.repeat(32)): KeptRow => ({
  generation,
  key: -(2n ** 62n) + BigInt(i),
  stored: turned(answerOf(i)),
});

describe('the journal', () => {
  let folder: string;
  let straight: CheckRecord[];
  let open: Journal[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    straight = [];
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((journal) => journal.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const texts = new JournalTexts(KEY, openRow);
  const start = (more: Partial<JournalParts> = {}): Journal => {
    const writer = more.writer ?? newWriter(Date.now());
    const journal = new Journal({
      folder,
      writer,
      seal: texts.seal(writer),
      ruleVersion: 'r1',
      sync: 'second',
      bytesMax: 2 ** 30,
      now: () => Date.now(),
      straight: async (checks) => {
        straight.push(...checks);
      },
      ...more,
    });
    open.push(journal);
    return journal;
  };
  const bytesIn = (journal: Journal, segment = 1): string =>
    readFileSync(segmentFile(folder, journal.writer, segment), 'latin1');
  const linesIn = (journal: Journal, segment = 1): string[] => bytesIn(journal, segment).split('\n').slice(1, -1);
  const parsed = (journal: Journal, segment = 1): JournalLine[] => linesIn(journal, segment).map(parseLine);

  describe('on disk', () => {
    it('holds each check once, in order, each with the hash of the one before', async () => {
      const journal = start();
      const checks = Array.from({ length: 30 }, (_, i) => recordOf(i % 3 === 0 ? answerOf(i) : rowOf(i)));
      await Promise.all(checks.slice(0, 20).map((check) => journal.record(check)));
      for (const check of checks.slice(20)) await journal.record(check);
      const lines = linesIn(journal);
      expect(lines.map((line) => parseLine(line).id)).toEqual(checks.map(({ checkId }) => checkId));
      let previous = journal.writer;
      lines.forEach((text, i) => {
        const line = parseLine(text);
        expect(line.n).toBe(i + 1);
        previous = hash('sha256', `${previous}\n${partsOf(text)?.head}`, 'base64url');
        expect(line.hash).toBe(previous);
      });
    });
    it('writes what came in one turn at once, and tells nobody before', async () => {
      const order: string[] = [];
      const disk: JournalDisk = {
        write: (fd, text, from) => {
          order.push(`write ${text.split('\n').length - 1}`);
          return writeSync(fd, text.slice(from), null, 'latin1');
        },
        sync: async () => {},
        syncFolder: async () => {},
        close: closeSync,
      };
      const journal = start({ disk });
      await new Promise<void>((resolve) => {
        for (let i = 0; i < 3; i += 1)
          journal.append(recordOf(answerOf(i)), () => {
            order.push(`told ${i}`);
            if (i === 2) resolve();
          });
        order.push('asked');
      });
      expect(order).toEqual(['asked', 'write 1', 'write 3', 'told 0', 'told 1', 'told 2']);
    });
    it('holds nothing of a person in clear, and everything of the record', async () => {
      const journal = start();
      const check = recordOf(answerOf(1), {
        operator: '職員 "1"',
        purpose: 'claim',
        degraded: 'replica-behind',
        unchanged: true,
        consented: ['diagnosis', 'pharmacists'],
      });
      await journal.record(check);
      await journal.record(recordOf(rowOf(2)));
      const bytes = bytesIn(journal);
      expect(bytes).toMatch(/^[\x20-\x7e\n]+$/);
      for (const clear of ['name', NAME, '資格', Buffer.from(answerOf(1), 'latin1').toString('base64').slice(0, 20)])
        expect(bytes).not.toContain(clear);
      const [line] = parsed(journal);
      expect(line).toMatchObject({
        id: check.checkId,
        at: NOW,
        client: 'demo-clinic',
        institution: '1312345679',
        operator: '職員 "1"',
        purpose: 'claim',
        date: '2026-11-22',
        subject: check.subjectHash.toString('base64url'),
        verdict: 'valid',
        credential: 'valid',
        version: 'v1.AAAAAAAAAAAAAAAAAAAAAA',
        degraded: 'replica-behind',
        unchanged: true,
        consented: 24,
        digest: check.answer.digest,
      });
    });
    it.each<[string, Partial<CheckRecord>]>([
      ['a check', {}],
      ['a repeat, whose answer is that of another check', { repeats: randomUUIDv7(), consented: [] }],
    ])('gives back what was spliced into %s', async (_what, more) => {
      const journal = start();
      const first = recordOf(rowOf(1));
      const check = { ...recordOf(rowOf(1), more), answer: { ...first.answer } };
      if (more.repeats === undefined) check.checkId = first.checkId;
      await journal.record(check);
      const [line] = parsed(journal);
      expect(splicesOf(line as JournalLine, (line as JournalLine).spliced)).toEqual(check.answer.splices);
    });

    it('writes the beginning of a line that follows from what PostgreSQL keeps of it', () => {
      const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
      const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
      fc.assert(
        fc.property(
          fc.record({
            n: fc.integer({ min: 1, max: 2 ** 40 }),
            client: text,
            operator: optional(text),
            degraded: optional(fc.constantFrom('replica-behind', 'registry-unavailable')),
            unchanged: fc.boolean(),
            repeats: optional(fc.uuid()),
            consented: fc.subarray(['diagnosis', 'pharmacists', 'limitApplicationCertificate']),
          }),
          ({ n, client, operator, degraded, repeats, ...more }) => {
            const check = recordOf('', {
              ...more,
              clientId: client,
              ...(operator === undefined ? {} : { operator }),
              ...(degraded === undefined ? {} : { degraded }),
              ...(repeats === undefined ? {} : { repeats }),
            });
            const { subjectHash, digest, ...kept } = checkFrom(check, openRow, n, 'w');
            expect(
              headFrom(n, {
                id: kept.checkId,
                at: kept.checkedAt,
                client: kept.clientId,
                institution: kept.institutionCode,
                operator: kept.operator ?? null,
                purpose: kept.purpose,
                date: kept.serviceDate,
                subject: subjectHash.toString('base64url'),
                verdict: kept.verdict,
                credential: kept.credentialState,
                version: kept.answerVersion,
                degraded: kept.degraded ?? null,
                unchanged: kept.unchanged,
                repeats: kept.repeats ?? null,
                consented: kept.consented,
                spliced: kept.spliced,
                digest: digest.toString('base64url'),
              }),
            ).toBe(lineHead(n, check, asciiJson(client)));
          },
        ),
      );
    });

    it('holds a row once a segment, and anew when it changed', async () => {
      const journal = start();
      const rows = [
        rowOf(1),
        rowOf(1),
        rowOf(2),
        rowOf(1, 'b'.repeat(32)),
        { ...rowOf(1, 'b'.repeat(32)), stored: turned('{"other":1}') },
      ];
      for (const row of rows) await journal.record(recordOf(row));
      expect(parsed(journal).map(({ row, as }) => as ?? row?.[0][0])).toEqual(['a', 1, 'a', 'b', 'b']);
    });
    it('seals a text for its check: moved to another, or under another key, it does not open', async () => {
      const journal = start();
      await journal.record(recordOf('x'.repeat(600)));
      const sealed = parsed(journal)[0]?.sealed ?? '';
      const id = parsed(journal)[0]?.id ?? '';
      expect(texts.seal(journal.writer).open(sealed, id)).toBe('x'.repeat(600));
      expect(() => texts.seal(journal.writer).open(sealed, randomUUIDv7())).toThrow(REFUSED);
      expect(() => texts.seal('somebody-else').open(sealed, id)).toThrow(REFUSED);
      expect(() => new JournalTexts(randomBytes(32), openRow).seal(journal.writer).open(sealed, id)).toThrow(REFUSED);
    });
    it('begins a segment when one is full, and the chain goes on in it', async () => {
      const journal = start({ segmentBytesMax: 4_000 });
      for (let i = 0; i < 20; i += 1) await journal.record(recordOf(rowOf(i % 2)));
      const files = await readdir(join(folder, journal.writer));
      expect(files.length).toBeGreaterThan(2);
      let [previous, n] = [journal.writer, 0];
      for (let segment = 1; segment <= files.length; segment += 1) {
        const [header] = bytesIn(journal, segment).split('\n');
        expect(JSON.parse(header ?? '')).toMatchObject({ segment, n: n + 1, previous, writer: journal.writer });
        for (const text of linesIn(journal, segment)) {
          previous = hash('sha256', `${previous}\n${partsOf(text)?.head}`, 'base64url');
          expect(parseLine(text)).toMatchObject({ n: (n += 1), hash: previous });
        }
        expect(parsed(journal, segment)[0], 'a segment stands for itself').not.toHaveProperty('as');
      }
      expect(n).toBe(20);
    });
    it('and when it is ten minutes old, or the clock was set back', async () => {
      let now = NOW;
      const journal = start({ now: () => now });
      const segments = async (): Promise<number> => (await readdir(join(folder, journal.writer))).length;
      for (const [passed, expected] of [
        [0, 1],
        [599_999, 1],
        [1, 2],
        [-1, 3],
      ] as const) {
        now += passed;
        await journal.record(recordOf(answerOf(1)));
        expect(await segments()).toBe(expected);
      }
    });
  });

  describe('when the disk', () => {
    const broken = (refuses: () => boolean, takes = 0): JournalDisk => ({
      write: (fd, text, from) => {
        if (!refuses()) return writeSync(fd, text.slice(from), null, 'latin1');
        if (from === 0 && takes > 0) return writeSync(fd, text.slice(0, takes), null, 'latin1');
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      },
      sync: async () => {},
      syncFolder: async () => {},
      close: closeSync,
    });

    it('is full, a check goes straight to PostgreSQL before anybody is told; half a line is taken back', async () => {
      let [full, now] = [false, NOW];
      const journal = start({ disk: broken(() => full, 100), now: () => now });
      await journal.record(recordOf(rowOf(1)));
      const before = bytesIn(journal);
      full = true;
      const check = recordOf(rowOf(1));
      await journal.record(check);
      expect(straight).toEqual([check]);
      expect(bytesIn(journal)).toBe(before);
      expect(journal.state).toMatchObject({ appended: 1, straight: 1, failing: true });
      // A second later it is tried again, and the chain goes on where it was.
      full = false;
      await journal.record(recordOf(rowOf(1)));
      expect(straight).toHaveLength(2);
      now += 1_000;
      await journal.record(recordOf(rowOf(1)));
      expect(straight).toHaveLength(2);
      expect(parsed(journal).map(({ n }) => n)).toEqual([1, 2]);
      const [first, second] = linesIn(journal);
      expect(parseLine(second ?? '').hash).toBe(
        hash('sha256', `${parseLine(first ?? '').hash}\n${partsOf(second ?? '')?.head}`, 'base64url'),
      );
      expect(parseLine(second ?? ''), 'the row is written anew').not.toHaveProperty('as');
    });
    it('is full from the beginning: the same', async () => {
      let full = true;
      const journal = start({ disk: broken(() => full, 10), now: () => Date.now() + (full ? 0 : 10_000) });
      await journal.record(recordOf(rowOf(1)));
      expect(straight).toHaveLength(1);
      full = false;
      await journal.record(recordOf(rowOf(1)));
      expect(parsed(journal, 2).map(({ n }) => n)).toEqual([1]);
    });
    it('and PostgreSQL take nothing, the check is refused', async () => {
      const journal = start({
        disk: broken(() => true),
        straight: () => Promise.reject(new Error('away')),
      });
      await expect(journal.record(recordOf(rowOf(1)))).rejects.toBeInstanceOf(RecordUnavailable);
    });
    it('has no room left by setting, checks go straight; with room again, they do not', async () => {
      const journal = start({ bytesMax: 3_000 });
      for (let i = 0; i < 20; i += 1) await journal.record(recordOf(rowOf(i)));
      expect(journal.state.appended).toBeGreaterThan(2);
      expect(journal.state.appended + straight.length).toBe(20);
      await journal.measure();
      expect(journal.state.failing).toBe(true);
      const { appended } = journal.state;
      rmSync(join(folder, journal.writer), { recursive: true });
      const other = start({ bytesMax: 3_000 });
      await other.record(recordOf(rowOf(1)));
      expect(appended + other.state.appended + straight.length).toBe(21);
    });
    it('refuses to close a file, nothing else ends', async () => {
      const disk: JournalDisk = {
        ...broken(() => false),
        close: (fd) => {
          closeSync(fd);
          throw Object.assign(new Error('input or output'), { code: 'EIO' });
        },
      };
      const told = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      const journal = start({ disk });
      await journal.record(recordOf(rowOf(1)));
      await expect(journal.close()).resolves.toBeUndefined();
      expect(told.mock.calls).toEqual([[{ event: 'journal-not-closed', code: 'EIO' }]]);
      told.mockRestore();
      expect(linesIn(journal)).toHaveLength(1);
    });
    it('of somebody else is full of journals, it counts', async () => {
      writeFileSync(join(folder, 'x'), '');
      const other = start();
      for (let i = 0; i < 20; i += 1) await other.record(recordOf(rowOf(i)));
      const journal = start({ bytesMax: 3_000 });
      await journal.measure();
      await journal.record(recordOf(rowOf(1)));
      expect(straight).toHaveLength(1);
    });
  });

  describe('with JOURNAL_SYNC=group', () => {
    it('nobody is told before the disk has it, and those who came meanwhile share the next', async () => {
      const order: string[] = [];
      let release: () => void = () => {};
      const disk: JournalDisk = {
        write: (fd, text, from) => writeSync(fd, text.slice(from), null, 'latin1'),
        syncFolder: async () => {},
        close: closeSync,
        sync: () => {
          order.push('sync');
          return new Promise((resolve) => {
            release = resolve;
          });
        },
      };
      const journal = start({ disk, sync: 'group' });
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      const tell = (name: string) => () => order.push(`told ${name}`);
      journal.append(recordOf(rowOf(1)), tell('a'));
      await turn();
      await turn();
      journal.append(recordOf(rowOf(1)), tell('b'));
      journal.append(recordOf(rowOf(1)), tell('c'));
      await turn();
      await turn();
      expect(order).toEqual(['sync']);
      release();
      await turn();
      expect(order).toEqual(['sync', 'told a', 'sync']);
      release();
      await turn();
      expect(order).toEqual(['sync', 'told a', 'sync', 'told b', 'told c']);
      const closing = journal.close();
      await turn();
      release();
      await closing;
    });
    it('nor before its file has a name that is durable', async () => {
      let named: () => void = () => {};
      const disk: JournalDisk = {
        write: (fd, text, from) => writeSync(fd, text.slice(from), null, 'latin1'),
        sync: async () => {},
        close: closeSync,
        syncFolder: () =>
          new Promise((resolve) => {
            named = resolve;
          }),
      };
      const journal = start({ disk, sync: 'group' });
      const told = vi.fn<() => void>();
      const recorded = new Promise<void>((resolve) => journal.append(recordOf(rowOf(1)), () => resolve(told())));
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(told).not.toHaveBeenCalled();
      named();
      await recorded;
    });
    it('what cannot be made durable goes straight, and the next into another file', async () => {
      let fails = true;
      const disk: JournalDisk = {
        write: (fd, text, from) => writeSync(fd, text.slice(from), null, 'latin1'),
        syncFolder: async () => {},
        close: closeSync,
        sync: () => (fails ? Promise.reject(new Error('EIO')) : Promise.resolve()),
      };
      const journal = start({ disk, sync: 'group' });
      const check = recordOf(rowOf(1));
      await journal.record(check);
      expect(straight).toEqual([check]);
      fails = false;
      await journal.record(recordOf(rowOf(1)));
      expect(straight).toHaveLength(1);
      expect(parsed(journal, 2).map(({ n }) => n)).toEqual([2]);
    });
  });

  /** PostgreSQL as far as shipping knows it. */
  class Store implements ShippedChecks {
    readonly checks = new Map<string, ShippedCheck>();
    readonly places = new Map<string, JournalPosition>();
    away = false;
    batches = 0;
    refuses: string | undefined;

    readonly late: (number | undefined)[] = [];

    async ship(
      checks: readonly ShippedCheck[],
      from: JournalPosition,
      to: JournalPosition,
      lateMs?: number,
    ): Promise<boolean> {
      this.orAway();
      this.late.push(lateMs);
      if (checks.some(({ checkId }) => checkId === this.refuses)) throw new ChecksRefused();
      if (this.places.get(from.writer)?.n !== from.n) return false;
      this.batches += 1;
      this.places.set(from.writer, to);
      for (const check of checks) if (!this.checks.has(check.checkId)) this.checks.set(check.checkId, check);
      return true;
    }
    async positions(writers: readonly string[]): Promise<readonly JournalPosition[]> {
      this.orAway();
      return writers.flatMap((writer) => this.places.get(writer) ?? []);
    }
    async begin(position: JournalPosition): Promise<void> {
      if (!this.places.has(position.writer)) this.places.set(position.writer, position);
    }
    async find(institutionCode: string, checkId: string): Promise<KeptAnswer | undefined> {
      this.orAway();
      const found = this.checks.get(checkId);
      return found?.institutionCode === institutionCode ? found : undefined;
    }
    async list(): Promise<never[]> {
      this.orAway();
      return [];
    }
    private orAway(): void {
      if (this.away) throw new RecordUnavailable();
    }
  }

  describe('shipping', () => {
    let store: Store;
    let alive: boolean;
    let now: number;
    beforeEach(() => {
      store = new Store();
      alive = true;
      now = Date.now();
    });
    const ship = (of: Store = store): JournalShipper =>
      new JournalShipper({ folder, store: of, texts, now: () => now, runs: () => alive });
    const left = async (journal: Journal): Promise<string[]> => {
      try {
        return await readdir(join(folder, journal.writer));
      } catch {
        return [];
      }
    };
    const given = (count: number, from = 0): CheckRecord[] =>
      Array.from({ length: count }, (_, i) => recordOf(i % 2 === 0 ? rowOf((from + i) % 5) : answerOf(from + i)));
    const record = async (journal: Journal, checks: readonly CheckRecord[]): Promise<void> => {
      await Promise.all(checks.map((check) => journal.record(check)));
    };
    const stored = (): ShippedCheck[] => [...store.checks.values()];

    it.each<[string, readonly [agoMs: number, degraded?: string][], number | undefined]>([
      ['what was given as long ago as it may take', [[5_000], [20]], undefined],
      ['a check that is older', [[20], [5_001]], 5_001],
      ['the oldest of several', [[7_000], [9_000], [8_000]], 9_000],
      ['none that was degraded: it is asked again anyhow', [[9_000, 'database-unavailable'], [6_000]], 6_000],
      ['none where all were degraded', [[9_000, 'database-unavailable']], undefined],
    ])('says how late it comes: %s', async (_what, checks, lateMs) => {
      const journal = start();
      await record(
        journal,
        checks.map(([agoMs, degraded]) =>
          recordOf(answerOf(1), { checkedAt: NOW - agoMs, ...(degraded === undefined ? {} : { degraded }) }),
        ),
      );
      const late = { afterMs: 5_000, now: () => NOW };
      await new JournalShipper({ folder, store, texts, now: () => now, runs: () => alive, late }).ship();
      expect(store.late).toEqual([lateMs]);
      await journal.close();
    });

    it('takes every check there, in order, with its text, its place and its hash', async () => {
      const journal = start({ segmentBytesMax: 20_000 });
      const checks = given(300);
      for (let i = 0; i < 300; i += 30) await record(journal, checks.slice(i, i + 30));
      await ship().ship();
      expect(stored().map(({ checkId }) => checkId)).toEqual(checks.map(({ checkId }) => checkId));
      const lines = (await left(journal)).length;
      expect(lines, 'only the segment being written is left').toBe(1);
      stored().forEach(
        ({ text, n, hash: chained, writer: _writer, ...rest }: ShippedCheck & { writer?: string }, i) => {
          const check = checks[i] as CheckRecord;
          const { text: expected, n: _n, hash: _hash, ...same } = checkFrom(check, openRow, i + 1, '');
          expect(rest).toEqual(same);
          expect(text).toEqual(expected);
          expect(n).toBe(i + 1);
          expect(chained).toHaveLength(32);
        },
      );
    });
    it('goes on where it was, and ships nothing twice, whoever ships', async () => {
      const journal = start();
      const [one, two] = [ship(), ship()];
      const checks = given(60);
      for (let i = 0; i < 60; i += 10) {
        await record(journal, checks.slice(i, i + 10));
        await Promise.all([one.ship(), two.ship()]);
        if (i === 30) await ship().ship();
      }
      await ship().ship();
      expect(stored().map(({ n }) => n)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
      expect(one.state.shipped + two.state.shipped).toBeLessThanOrEqual(60);
      // Whoever was not first learns where the other got to, and can go on alone.
      for (const [i, shipper] of [one, two, one].entries()) {
        await journal.record(recordOf(rowOf(1)));
        await shipper.ship();
        await shipper.ship();
        expect(store.checks.size).toBe(61 + i);
      }
    });
    it('opens a text that lines share once', async () => {
      const journal = start();
      for (let i = 0; i < 200; i += 1) await journal.record(recordOf(rowOf(i % 20)));
      const opening = vi.fn<typeof openRow>(openRow);
      const own = new JournalTexts(KEY, opening);
      await new JournalShipper({ folder, store, texts: own, now: () => now, runs: () => alive }).ship();
      expect(stored().map(({ text }) => text?.toString('latin1'))).toEqual(
        Array.from({ length: 200 }, (_, i) => answerOf(i % 20)),
      );
      expect(opening).toHaveBeenCalledTimes(20);
    });
    it('of two writers, each in its order', async () => {
      const journals = [start(), start()] as const;
      const checks = given(40);
      await Promise.all(checks.map(async (check, i) => journals[i % 2]?.record(check)));
      await ship().ship();
      for (const [which, { writer }] of journals.entries()) {
        expect(store.places.get(writer)?.n).toBe(20);
        const own = checks.filter((_check, i) => i % 2 === which).map(({ checkId }) => checkId);
        expect(
          stored()
            .map(({ checkId }) => checkId)
            .filter((id) => own.includes(id)),
        ).toEqual(own);
      }
    });
    it('waits while PostgreSQL is away, and then ships all of it', async () => {
      const journal = start({ segmentBytesMax: 5_000 });
      const shipper = ship();
      store.away = true;
      const checks = given(50);
      for (const check of checks) await journal.record(check);
      await expect(shipper.ship()).rejects.toBeInstanceOf(RecordUnavailable);
      expect(shipper.state.waitingSince).toBe(now);
      expect((await left(journal)).length).toBeGreaterThan(3);
      store.away = false;
      await shipper.ship();
      expect(shipper.state.waitingSince).toBeUndefined();
      expect(stored().map(({ checkId }) => checkId)).toEqual(checks.map(({ checkId }) => checkId));
    });
    it('a line that was torn off was never answered: it is cut off, and the rest of a dead writer is shipped and removed', async () => {
      const journal = start();
      await record(journal, given(10));
      const whole = bytesIn(journal);
      appendFileSync(segmentFile(folder, journal.writer, 1), (linesIn(journal)[3] ?? '').slice(0, 300));
      await ship().ship();
      expect(store.checks.size).toBe(10);
      expect(bytesIn(journal).startsWith(whole), 'its writer lives: nothing is removed').toBe(true);
      alive = false;
      const shipper = ship();
      await shipper.ship();
      expect(await left(journal)).toEqual([]);
      expect(await readdir(folder)).toEqual([]);
      expect(shipper.state.damaged).toBe(0);
    });
    it('a line torn at any byte was never answered: those before it are shipped, and nothing is damaged', async () => {
      const journal = start();
      await record(journal, given(3));
      const bytes = readFileSync(segmentFile(folder, journal.writer, 1));
      const lastLine = bytes.lastIndexOf('\n', -2) + 1;
      expect(bytes.length - lastLine).toBeGreaterThan(500);
      for (let end = lastLine; end <= bytes.length; end += 1) {
        writeFileSync(segmentFile(folder, journal.writer, 1), bytes.subarray(0, end));
        const of = new Store();
        const shipper = new JournalShipper({
          folder,
          store: of,
          texts,
          now: () => now,
          runs: () => true,
          busy: () => 0,
        });
        await shipper.ship();
        expect([of.checks.size, shipper.state.damaged], `byte ${end - lastLine}`).toEqual([
          end === bytes.length ? 3 : 2,
          0,
        ]);
      }
    });
    it('a writer of another machine or container is dead after an hour without a word', async () => {
      const journal = start({ writer: '20261122T000000Z-0badc0de-1-00000000' });
      await record(journal, given(2));
      alive = false;
      await ship().ship();
      expect(await left(journal)).toHaveLength(1);
      now += 3_600_000 + 60_000;
      await ship().ship();
      expect(await left(journal)).toEqual([]);
    });
    it('a writer that has ended leaves nothing', async () => {
      const journal = start();
      await record(journal, given(2));
      await journal.close();
      const shipper = ship();
      shipper.endOf(journal.writer);
      await shipper.ship();
      expect([store.checks.size, await readdir(folder)]).toEqual([2, []]);
    });
    it('a changed line is told, shipped, and its file is kept', async () => {
      const journal = start({ segmentBytesMax: 1 });
      await journal.record(recordOf(rowOf(1), { verdict: 'invalid' }));
      await journal.record(recordOf(rowOf(1)));
      const path = segmentFile(folder, journal.writer, 1);
      writeFileSync(path, readFileSync(path, 'latin1').replace('"verdict":"invalid"', '"verdict":"valid"'));
      const shipper = ship();
      await shipper.ship();
      expect(shipper.state.damaged).toBe(1);
      expect(store.checks.size).toBe(2);
      expect(await left(journal)).toEqual(['000001.ndjson.kept', '000002.ndjson']);
    });
    it('a text nobody can open is told; the check is on record, and the file is kept', async () => {
      const journal = start({ segmentBytesMax: 1 });
      await journal.record(recordOf(answerOf(1)));
      await journal.record(recordOf(rowOf(1)));
      const shipper = new JournalShipper({
        folder,
        store,
        texts: new JournalTexts(randomBytes(32), openRow),
        now: () => now,
        runs: () => alive,
      });
      await shipper.ship();
      expect(stored().map(({ text }) => text === undefined)).toEqual([true, false]);
      expect(await left(journal)).toEqual(['000001.ndjson.kept', '000002.ndjson']);
    });
    it('rests between batches while the process has checks to answer', async () => {
      const journal = start();
      const checks = given(1_200);
      for (let i = 0; i < checks.length; i += 100) await record(journal, checks.slice(i, i + 100));
      const restsWhen = async (busy: number): Promise<number> => {
        const of = new Store();
        let rests = 0;
        const rest = async (): Promise<void> => {
          rests += 1;
        };
        await new JournalShipper({ folder, store: of, texts, now: () => now, busy: () => busy, rest }).ship();
        expect(of.checks.size).toBe(1_200);
        expect(of.batches).toBe(6);
        return rests;
      };
      expect(await restsWhen(1)).toBe(6);
      expect(await restsWhen(0.5)).toBe(0);
    });
    it('a check that PostgreSQL refuses holds up nobody: it is told, and its file is kept', async () => {
      const journal = start({ segmentBytesMax: 1e6 });
      const checks = given(50);
      await record(journal, checks);
      store.refuses = checks[20]?.checkId;
      const shipper = ship();
      await shipper.ship();
      expect(stored().map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1).filter((n) => n !== 21));
      expect(shipper.state.damaged).toBe(1);
      expect(store.batches).toBeLessThan(40);
      await journal.close();
      shipper.endOf(journal.writer);
      await shipper.ship();
      expect(await left(journal)).toEqual(['000001.ndjson.kept']);
    });
    it('a damaged line in the middle stops nothing behind it', async () => {
      const journal = start({ segmentBytesMax: 1e6 });
      await record(journal, given(3));
      const path = segmentFile(folder, journal.writer, 1);
      const lines = bytesIn(journal).split('\n');
      lines[2] = 'x'.repeat((lines[2] ?? '').length);
      writeFileSync(path, lines.join('\n'));
      const shipper = ship();
      await shipper.ship();
      expect(stored().map(({ n }) => n)).toEqual([1, 3]);
      expect(shipper.state.damaged).toBe(2);
    });
  });

  describe('a past check', () => {
    const past = (store: Store): PastChecks =>
      new PastChecks({ folder, texts, store, render: (text, { checkId }) => text.replace('\u0001i', checkId) });
    const INSTITUTION = '1312345679';
    /** A check whose text has its id spliced in. */
    const spliced = (i: number, more: Partial<CheckRecord> = {}): CheckRecord => {
      const row = { ...rowOf(i % 7), stored: turned(`{"id":"\u0001i","i":${i % 7}}`) };
      const check = recordOf(row, more);
      const said = `{"id":"${check.checkId}","i":${i % 7}}`;
      return { ...check, answer: { ...check.answer, digest: hash('sha256', said, 'base64url') } };
    };

    it('is found at once among thousands, in whichever segment of whichever writer, by its bytes', async () => {
      const journals = [start({ segmentBytesMax: 400_000 }), start({ segmentBytesMax: 250_000 })];
      const checks: CheckRecord[] = [];
      for (let round = 0; round < 30; round += 1) {
        const some = Array.from({ length: 100 }, (_, i) => spliced(round * 100 + i));
        checks.push(...some);
        await Promise.all(some.map(async (check, i) => journals[i % 2]?.record(check)));
      }
      const reader = past(new Store());
      for (let i = 0; i < checks.length; i += 61) {
        const { checkId } = checks[i] as CheckRecord;
        expect((await reader.answer(INSTITUTION, checkId))?.toString()).toBe(`{"id":"${checkId}","i":${i % 7}}`);
        expect(await reader.answer('1312345687', checkId)).toBeUndefined();
      }
      for (const edge of [checks[0], checks.at(-1)])
        expect(await reader.answer(INSTITUTION, edge?.checkId ?? '')).toBeDefined();
      expect(await reader.answer(INSTITUTION, randomUUIDv7())).toBeUndefined();
      expect(await reader.answer(INSTITUTION, '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d')).toBeUndefined();
      expect(await reader.answer(INSTITUTION, 'ffffffff-ffff-7a1b-8c2d-3e4f5a6b7c8d')).toBeUndefined();
    });
    it('that does not give the bytes that left is not shown', async () => {
      const journal = start();
      const check = spliced(1);
      await journal.record({ ...check, answer: { ...check.answer, digest: hash('sha256', 'other', 'base64url') } });
      await expect(past(new Store()).answer(INSTITUTION, check.checkId)).rejects.toThrow('does not give the bytes');
    });
    it('is listed while it waits to be shipped, its own institution’s only, within its days, before its cursor', async () => {
      const journal = start({ segmentBytesMax: 10_000 });
      const store = new Store();
      const shipper = new JournalShipper({ folder, store, texts, now: () => Date.now() });
      for (let i = 0; i < 10; i += 1) await journal.record(spliced(i));
      await shipper.ship();
      const waiting = Array.from({ length: 40 }, (_, i) => spliced(i));
      for (const check of waiting) await journal.record(check);
      await journal.record(spliced(1, { institutionCode: '1312345687' }));
      await journal.record(spliced(1, { checkedAt: NOW - 1 }));
      await journal.record(spliced(1, { checkedAt: NOW + 1_000 }));
      const range = { institutionCode: INSTITUTION, from: NOW, until: NOW + 1_000 };
      const newestFirst = waiting
        .map(({ checkId }) => checkId)
        .toSorted()
        .toReversed();
      const list = async (more: { limit: number; before?: string }): Promise<string[]> =>
        (await past(store).list({ ...range, ...more })).map(({ checkId }) => checkId);
      expect(await list({ limit: 100 })).toEqual(newestFirst);
      expect(await list({ limit: 5 })).toEqual(newestFirst.slice(0, 5));
      expect(await list({ limit: 5, before: newestFirst[9] ?? '' })).toEqual(newestFirst.slice(10, 15));
    });
    it('cannot be listed while PostgreSQL is away', async () => {
      const store = new Store();
      store.away = true;
      await expect(
        past(store).list({ institutionCode: INSTITUTION, from: 0, until: NOW, limit: 1 }),
      ).rejects.toBeInstanceOf(RecordUnavailable);
    });
  });
});
