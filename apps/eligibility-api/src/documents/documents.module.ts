import type { Problem } from '@app/contracts';
import { Module } from '@nestjs/common';

import { ACCESSES, type Accesses } from '../accesses/accesses.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { ProblemReplies } from '../problems/problem.filter.js';
import { Vault } from '../vault/vault.js';
import { DOCUMENT_PEOPLE, type DocumentPeople } from './document-people.js';
import { CardExpiriesController } from './card-expiries.controller.js';
import { DocumentBatchesController } from './document-batches.controller.js';
import { DocumentPdf } from './document-pdf.js';
import { DocumentsController } from './documents.controller.js';
import { IssueBatch } from './issue-batch.js';
import { IssueDocuments } from './issue-documents.js';
import { LAST_FOUR_DIGITS, type LastFourDigits } from './last-four-digits.js';
import { Typeface } from './paper/typeface.js';

/** 資格情報のお知らせ, 資格確認書, 資格情報画面 and 被保険者資格申立書. */
@Module({
  controllers: [DocumentsController, DocumentBatchesController, CardExpiriesController],
  providers: [
    // Five megabytes, read when the process starts and kept.
    { provide: Typeface, useFactory: () => Typeface.load() },
    {
      provide: LAST_FOUR_DIGITS,
      inject: [Vault, CLOCK],
      useFactory: (vault: Vault, clock: Clock): LastFourDigits => ({
        of: (personId, purpose, who) => vault.lastFour(personId, purpose, who, clock.now()),
      }),
    },
    {
      provide: IssueDocuments,
      inject: [DOCUMENT_PEOPLE, LAST_FOUR_DIGITS, ACCESSES, CLOCK],
      useFactory: (people: DocumentPeople, lastFour: LastFourDigits, accesses: Accesses, clock: Clock) =>
        new IssueDocuments(people, lastFour, accesses, clock),
    },
    {
      provide: DocumentPdf,
      inject: [Typeface, CLOCK],
      useFactory: (typeface: Typeface, clock: Clock) => new DocumentPdf(typeface, clock),
    },
    {
      provide: IssueBatch,
      inject: [IssueDocuments, DocumentPdf, CLOCK],
      useFactory: (issue: IssueDocuments, pdf: DocumentPdf, clock: Clock) => {
        const replies = new ProblemReplies(clock);
        return new IssueBatch(issue, pdf, (error) => JSON.parse(replies.of(error).body) as Problem);
      },
    },
  ],
})
export class DocumentsModule {}
