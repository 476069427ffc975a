import type { IncomeFacts } from '@app/domain';

import type { DemoInsurer } from './numbers.js';

/** One coverage as the demo loads it. Days are `YYYY-MM-DD`. */
export interface CoverageSeed {
  readonly insurer: DemoInsurer;
  readonly symbol?: string;
  readonly number: string;
  readonly branch?: string;
  readonly relation?: 'self' | 'family';
  readonly insuredName?: string;
  readonly classification?: string;
  readonly acquiredOn: string;
  readonly lostOn?: string;
  readonly reasonOfLoss?: '01' | '02' | '03' | '99';
  /** Day on which the loss was filed; that of the loss when left out. */
  readonly lossFiledOn?: string;
  readonly income?: IncomeFacts;
  readonly copayCertificate?: {
    readonly kind: 'elderly-recipient' | 'late-elderly';
    readonly ratePercent: 10 | 20 | 30;
    readonly from: string;
    readonly to?: string;
  };
  readonly limitCertificate?: {
    readonly classification: '01' | '02' | '03';
    readonly flag: string;
    readonly from: string;
    readonly to?: string;
  };
  readonly disease?: { readonly category: '1' | '2' | '3'; readonly selfPayYen: number; readonly from: string };
  readonly tickets?: readonly TicketSeed[];
  readonly cardIssuedOn?: string;
}

interface TicketSeed {
  readonly type: '01' | '02';
  readonly month: string;
  readonly from: string;
  readonly to: string;
  readonly institutionCode: string;
  readonly institutionName: string;
  readonly issueNumber: string;
}

export interface PersonSeed {
  readonly coverages: readonly CoverageSeed[];
  readonly referenceNumber?: { readonly institutionCode: string; readonly referenceNumber: string };
}
