import type {
  CurrentBenefits,
  EligibilityAnswer,
  Consent,
  ConsentDecision,
  Credential,
  NoticeCode,
  QualificationResult,
  Question,
} from './answer.js';
import { benefitsOn } from './benefits.js';
import { decideByNumber, decideByPerson, type CoverageDecision, type Standing } from './coverage.js';
import { decideCredential, withoutCard, type CredentialDecision } from './credential.js';
import type { Facts } from './facts.js';

const NOTHING_FOUND: CoverageDecision = { verdict: 'not-found', shown: [], notices: [] };

const decide = (facts: Facts, question: Question): { on: CredentialDecision; coverage: CoverageDecision } => {
  switch (facts.by) {
    case 'insured':
      return { on: withoutCard, coverage: decideByNumber(facts.asked, facts.people, question) };
    case 'card':
      return {
        on: decideCredential(facts.card, question.askedOn),
        coverage: facts.card.kind === 'linked' ? decideByPerson(facts.card.person, question) : NOTHING_FOUND,
      };
  }
};

const viewing = (consented: boolean, credential: Credential): ConsentDecision => {
  // Medical information is consented to at the reader; without a card there is nobody who could have.
  if (!consented || credential.state === 'not-applicable') return '0';
  return credential.medicalInfoUsable ? '1' : '3';
};

const resultOf = (
  standing: Standing,
  question: Question,
  benefits: CurrentBenefits | undefined,
): QualificationResult => {
  const { person, qualification, lostOn, reasonOfLoss } = standing;
  const reference = person.referenceNumbers.find((entry) => entry.institutionCode === question.institutionCode);
  return {
    qualification,
    identity: person.identity,
    ...(lostOn === undefined ? {} : { lostOn }),
    ...(reasonOfLoss === undefined ? {} : { reasonOfLoss }),
    ...(benefits === undefined ? {} : { benefits }),
    ...(reference === undefined ? {} : { referenceNumber: reference.referenceNumber }),
  };
};

/**
 * The only place where eligibility is decided. Pure: facts and a question in, the one answer out. Coverage, copay and limits
 * follow `question.serviceDate`; credential and availability follow `askedOn`; what was known when follows `knownAt`.
 * Whether there are facts to decide from is the caller's to know: what could not be found out never comes here.
 */
export const assess = (facts: Facts, question: Question, consent: Consent): EligibilityAnswer => {
  const { on, coverage } = decide(facts, question);
  const { credential } = on;
  const notices = new Set<NoticeCode>([...on.notices, ...coverage.notices]);

  let results: QualificationResult[] | undefined;
  if (credential.usable && coverage.shown.length > 0) {
    results = coverage.shown.map((standing) => {
      if (!standing.covers) return resultOf(standing, question, undefined);
      const decided = benefitsOn(standing.qualification, standing.person.identity.birthdate, question, consent);
      for (const code of decided.notices) notices.add(code);
      return resultOf(standing, question, decided.benefits);
    });
  }

  return {
    verdict: coverage.verdict,
    credential,
    ...(results === undefined ? {} : { results }),
    limitApplicationCertificateConsented: consent.limitApplicationCertificate,
    specificDiseasesConsented: consent.specificDiseases,
    viewing: {
      specificHealthCheckups: viewing(consent.specificHealthCheckups, credential),
      pharmacists: viewing(consent.pharmacists, credential),
      diagnosis: viewing(consent.diagnosis, credential),
      operation: viewing(consent.operation, credential),
    },
    notices: [...notices],
  };
};
