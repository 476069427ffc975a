import * as fc from 'fast-check';

import { readBulkXml, readJson, readXml, toJson, writeBulkXml, writeXml, type BulkKind } from './index.js';
import { itemOf, KIND_NAMES } from './kinds.js';
import { expectedOf, messageOf } from './message.fixture.js';
import { XmlReading } from './xml/read-xml.js';

const RUNS = { numRuns: 20 };

describe.each(KIND_NAMES)('%s', (kind) => {
  it('written in UTF-8 is read as it was', () => {
    fc.assert(
      fc.property(messageOf(kind), (message) => {
        const { bytes, replaced } = writeXml(kind, message);
        expect(replaced).toEqual([]);
        expect(readXml(kind, bytes)).toMatchObject({
          outcome: 'read',
          encoding: 'utf-8',
          unknown: [],
          message: expectedOf(kind, message, '0'),
        });
      }),
      RUNS,
    );
  });

  it('written in Shift_JIS is read as it was', () => {
    fc.assert(
      fc.property(messageOf(kind, 'shiftJis'), (message) => {
        const { bytes, replaced } = writeXml(kind, message, { encoding: 'shift_jis' });
        expect(replaced).toEqual([]);
        expect(readXml(kind, bytes)).toMatchObject({
          outcome: 'read',
          encoding: 'shift_jis',
          unknown: [],
          message: expectedOf(kind, message, '1'),
        });
      }),
      RUNS,
    );
  });

  it('written as JSON is read as it was, and every leaf is text', () => {
    fc.assert(
      fc.property(messageOf(kind), (message) => {
        const json: unknown = JSON.parse(JSON.stringify(toJson(kind, message)));
        const leaves: unknown[] = [];
        JSON.stringify(json, (_, value: unknown) => {
          if (typeof value !== 'object' || value === null) leaves.push(value);
          return value;
        });
        expect(leaves.filter((leaf) => typeof leaf !== 'string' || leaf === '')).toEqual([]);
        expect(readJson(kind, json)).toEqual({
          outcome: 'read',
          encoding: 'utf-8',
          unknown: [],
          message: expectedOf(kind, message, '0'),
        });
      }),
      RUNS,
    );
  });

  it('is read however its bytes are cut', () => {
    fc.assert(
      fc.property(messageOf(kind, 'shiftJis'), fc.integer({ min: 1, max: 5 }), (message, size) => {
        for (const encoding of ['utf-8', 'shift_jis'] as const) {
          const { bytes } = writeXml(kind, message, { encoding });
          const parser = new XmlReading(kind);
          for (let at = 0; at < bytes.length; at += size) parser.write(bytes.subarray(at, at + size));
          expect(parser.end()).toEqual(readXml(kind, bytes));
        }
      }),
      { numRuns: 10 },
    );
  });
});

const bulkKinds = KIND_NAMES.filter((kind): kind is BulkKind => itemOf(kind) !== undefined);

describe.each(bulkKinds)('%s, person by person', (kind) => {
  const item = itemOf(kind)?.name ?? '';

  it('is written to the letter as it is written whole, and read person by person', async () => {
    await fc.assert(
      fc.asyncProperty(messageOf(kind), async (message) => {
        const body = { ...(message.MessageBody as Record<string, unknown>) };
        const people = (body[item] ?? []) as never[];
        delete body[item];
        const pieces: Buffer[] = [];
        for await (const piece of writeBulkXml(kind, { ...message, MessageBody: body } as never, people))
          pieces.push(piece);
        const whole = writeXml(kind, message).bytes;
        expect(Buffer.concat(pieces).toString()).toBe(whole.toString());

        const read: unknown[] = [];
        const rest = await readBulkXml(kind, inPieces(whole, 7), (one) => {
          expect(one).toMatchObject({ outcome: 'read', index: read.length });
          read.push(one.item);
        });
        const expected = expectedOf(kind, message, '0') as { MessageBody: Record<string, unknown> };
        expect(read).toEqual(expected.MessageBody[item]);
        expect(rest).toMatchObject({ outcome: 'read', message: { MessageHeader: expect.any(Object) as unknown } });
      }),
      { numRuns: 15 },
    );
  });
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
