import type { DocumentBatchLine, Problem } from '@app/contracts';

import { ProblemException } from '../problems/problem.exception.js';
import type { DocumentPdf } from './document-pdf.js';
import { IssueBatch, type DocumentBatch } from './issue-batch.js';
import type { IssueDocuments } from './issue-documents.js';
import { notice } from './paper/contents.fixture.js';

/** Issues to everybody but those named. */
const batchOf = (
  refused: Readonly<Record<string, unknown>> = {},
): { batch: IssueBatch; asked: string[]; drawn: string[] } => {
  const asked: string[] = [];
  const drawn: string[] = [];
  const issue = {
    document: async (document: string, { personId }: { personId: string }) => {
      asked.push(personId);
      if (personId in refused) throw refused[personId];
      return { document, content: notice({ insuredPersonId: personId }) };
    },
  } as unknown as IssueDocuments;
  const pdf = {
    of: async ({ content }: { content: { insuredPersonId: string } }) => {
      drawn.push(content.insuredPersonId);
      return Buffer.from(`%PDF ${content.insuredPersonId}`);
    },
  } as unknown as DocumentPdf;
  const problemOf = (error: unknown): Problem =>
    ({ code: error instanceof ProblemException ? error.code : 'internal-error' }) as Problem;
  return { batch: new IssueBatch(issue, pdf, problemOf), asked, drawn };
};

const of = (people: readonly string[], format: 'json' | 'pdf' = 'pdf'): DocumentBatch => ({
  insurerNumber: '06130488',
  clientId: 'demo-insurer',
  document: 'qualification-notice',
  format,
  people,
});

const all = async (lines: AsyncIterable<DocumentBatchLine>): Promise<DocumentBatchLine[]> => {
  const read: DocumentBatchLine[] = [];
  for await (const line of lines) read.push(line);
  return read;
};

it('everybody has one line, in their order, that says how far it is', async () => {
  const { batch } = batchOf();
  expect(await all(batch.lines(of(['9', '3', '7'])))).toEqual(
    ['9', '3', '7'].map((insuredPersonId, i) => ({
      insuredPersonId,
      done: i + 1,
      total: 3,
      pdf: Buffer.from(`%PDF ${insuredPersonId}`).toString('base64'),
    })),
  );
});

it('as JSON nothing is drawn', async () => {
  const { batch, drawn } = batchOf();
  expect(await all(batch.lines(of(['9'], 'json')))).toEqual([
    { insuredPersonId: '9', done: 1, total: 1, content: notice({ insuredPersonId: '9' }) },
  ]);
  expect(drawn).toEqual([]);
});

it('who gets none has the reason, whatever it is, and the others get theirs', async () => {
  const { batch } = batchOf({ '3': new ProblemException('person-not-found'), '7': new TypeError('broken') });
  const lines = await all(batch.lines(of(['3', '7', '9'])));
  expect(lines.map(({ problem, pdf }) => problem?.code ?? typeof pdf)).toEqual([
    'person-not-found',
    'internal-error',
    'string',
  ]);
});

it('nobody is asked for before the line before was taken, and nobody after the reader left', async () => {
  const { batch, asked } = batchOf();
  const lines = batch.lines(of(['9', '3', '7']));
  await lines.next();
  expect(asked).toEqual(['9']);
  await lines.return();
  expect(await lines.next()).toMatchObject({ done: true });
  expect(asked).toEqual(['9']);
});
