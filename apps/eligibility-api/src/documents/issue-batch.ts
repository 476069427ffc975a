import type { DocumentBatchLine, Problem } from '@app/contracts';
import type { CivilDate } from '@app/domain';
import { setImmediate } from 'node:timers/promises';

import type { Reader } from '../accesses/accesses.js';
import type { DocumentPdf } from './document-pdf.js';
import type { IssueDocuments } from './issue-documents.js';
import type { DocumentContent } from './paper/draw-document.js';

/** One document for many people of one insurer. */
export interface DocumentBatch extends Reader {
  readonly document: DocumentContent['document'];
  readonly format: 'json' | 'pdf';
  readonly issuedOn?: CivilDate;
  readonly people: readonly string[];
}

/**
 * Issues a document to one person after the other, as fast as the lines are taken: nothing is kept, so that a thousand take no
 * more room than one, and who leaves ends it. Everybody has one line, in their order; one who gets none has the problem instead,
 * and the others theirs all the same.
 */
export class IssueBatch {
  constructor(
    private readonly issue: IssueDocuments,
    private readonly pdf: DocumentPdf,
    /** What was thrown, as it is replied to. */
    private readonly problemOf: (error: unknown) => Problem,
  ) {}

  async *lines({ people, ...batch }: DocumentBatch): AsyncGenerator<DocumentBatchLine, void> {
    for (const [i, personId] of people.entries()) {
      // Drawing keeps the process for itself; whoever asks in between is let in here.
      await setImmediate();
      const head = { insuredPersonId: personId, done: i + 1, total: people.length };
      yield { ...head, ...(await this.outcome(personId, batch)) };
    }
  }

  private async outcome(
    personId: string,
    { document, format, ...asked }: Omit<DocumentBatch, 'people'>,
  ): Promise<Pick<DocumentBatchLine, 'content' | 'pdf' | 'problem'>> {
    try {
      const issued = await this.issue.document(document, { ...asked, personId });
      if (format === 'json') return { content: issued.content };
      return { pdf: (await this.pdf.of(issued)).toString('base64') };
    } catch (error) {
      return { problem: this.problemOf(error) };
    }
  }
}
