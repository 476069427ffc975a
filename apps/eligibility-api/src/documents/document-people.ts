import type { CertificateFacts, CivilDate, PersonFacts } from '@app/domain';

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

/** Days include both ends. */
export interface ExpiringAsked {
  readonly insuredOn: CivilDate;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly after: string;
  readonly limit: number;
}

/** Somebody whose newest certificate ends in some days. */
export interface ExpiringPerson {
  /** `qualifications` are those at that insurer. */
  readonly person: PersonFacts;
  /** Last day of the newest certificate that is neither revoked nor replaced. */
  readonly expiresOn: CivilDate;
  /** First days of all of their certificates, where they are known. */
  readonly issuedOn: readonly CivilDate[];
}

/** The people of an insurer, to be read and no more. Rejects with `DocumentsUnavailable`. */
export interface DocumentPeople {
  /** Somebody who is or was insured at that insurer; anybody else is not found, whether or not they exist. */
  find(insurerNumber: string, personId: string): Promise<DocumentPerson | undefined>;
  /** People behind `after` who are insured there on a day, and whose newest certificate ends between two; in the order of their ids. */
  expiring(insurerNumber: string, asked: ExpiringAsked): Promise<readonly ExpiringPerson[]>;
}

/** Injection token of `DocumentPeople`. */
export const DOCUMENT_PEOPLE = Symbol('document-people');
