import type { CertificateFacts, PersonFacts } from '@app/domain';

/** What is on record of somebody at one insurer. */
export interface DocumentPerson {
  /** `qualifications` are those at that insurer. */
  readonly person: PersonFacts;
  /** Every certificate that leads to the person. */
  readonly certificates: readonly CertificateFacts[];
  /** Found at the registry by all five attributes. */
  readonly foundAtRegistry: boolean;
}

/** The store of coverage is away. */
export class DocumentsUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('what documents are made of cannot be read', options);
    this.name = 'DocumentsUnavailable';
  }
}

/** The people of an insurer, to be read and no more. Rejects with `DocumentsUnavailable`. */
export interface DocumentPeople {
  /** Somebody who is or was insured at that insurer; anybody else is not found, whether or not they exist. */
  find(insurerNumber: string, personId: string): Promise<DocumentPerson | undefined>;
}

/** Injection token of `DocumentPeople`. */
export const DOCUMENT_PEOPLE = Symbol('document-people');
