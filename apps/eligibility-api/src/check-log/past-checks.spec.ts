import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RecordUnavailable, type CheckListing } from './check-log.js';
import type { JournalTexts } from './journal-texts.js';
import { PastChecks } from './past-checks.js';
import type { ShippedChecks } from './shipped-checks.js';

const LISTING: CheckListing = { institutionCode: '1310000019', from: 0, until: 1, limit: 10 };

describe('lists of past checks', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shikaku-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('look at what is not shipped one after the other, and more than eight are told to come again', async () => {
    const gates = Array.from({ length: 9 }, () => Promise.withResolvers<void>());
    let begun = 0;
    const store = {
      positions: async () => {
        const gate = gates[begun];
        begun += 1;
        await gate?.promise;
        return [];
      },
      list: async () => [],
    } as unknown as ShippedChecks;
    const past = new PastChecks({ folder, store, texts: {} as JournalTexts, render: () => '' });

    const eight = Array.from({ length: 8 }, () => past.list(LISTING));
    await expect(past.list(LISTING)).rejects.toThrow(RecordUnavailable);
    for (const [i, gate] of gates.slice(0, 8).entries()) {
      await vi.waitFor(() => expect(begun).toBe(i + 1));
      gate.resolve();
      await eight[i];
    }
    gates[8]?.resolve();
    expect(await past.list(LISTING)).toEqual([]);
  });

  it('one that fails holds up none behind it', async () => {
    let asked = 0;
    const store = {
      positions: async () => {
        asked += 1;
        if (asked === 1) throw new RecordUnavailable();
        return [];
      },
      list: async () => [],
    } as unknown as ShippedChecks;
    const past = new PastChecks({ folder, store, texts: {} as JournalTexts, render: () => '' });
    const [first, second] = [past.list(LISTING), past.list(LISTING)];
    await expect(first).rejects.toThrow(RecordUnavailable);
    expect(await second).toEqual([]);
  });
});
