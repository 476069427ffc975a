import { EligibilityBatchEntity, EligibilityBatchPartEntity } from './batch.entity.js';
import {
  CopayCertificateEntity,
  IncomeAssessmentEntity,
  LimitCertificateEntity,
  MedicalTicketEntity,
  SpecificDiseaseCertificateEntity,
} from './benefit.entities.js';
import { CoverageChangeEntity, IdentityChangeEntity } from './change-of-facts.entities.js';
import { DemoPopulationEntity, FactChangeEntity, OutboxEntity } from './change.entity.js';
import {
  CheckAnchorEntity,
  CheckAnswerEntity,
  CheckJournalEntity,
  CheckLogPolicyEntity,
  CheckRetentionMarkEntity,
  CheckTwinEntity,
  ConsentEntity,
  EligibilityCheckEntity,
} from './check.entity.js';
import { ClientEntity } from './client.entity.js';
import { CredentialEntity, RegistryFeedEntity } from './credential.entity.js';
import { IndividualNumberEntity, IndividualNumberOpeningEntity } from './individual-number.entity.js';
import {
  CardRegistrationEntity,
  EnrollmentEntity,
  EnrollmentReviewEntity,
  EnrollmentStepEntity,
  LossFilingEntity,
} from './enrollment.entity.js';
import { EnrollmentImportEntity, EnrollmentImportPartEntity } from './enrollment-import.entity.js';
import { InsurerEntity } from './insurer.entity.js';
import { PersonAccessEntity } from './person-access.entity.js';
import { OqsReceptionEntity } from './oqs-reception.entity.js';
import { PersonEntity } from './person.entity.js';
import { QualificationEntity } from './qualification.entity.js';
import { RecheckEntity, RecheckPositionEntity } from './recheck.entity.js';
import { ReferenceNumberEntity } from './reference-number.entity.js';
import { UsedIdEntity } from './used-id.entity.js';

/** Every table of the coverage store. */
export const entities = [
  InsurerEntity,
  PersonEntity,
  CredentialEntity,
  RegistryFeedEntity,
  QualificationEntity,
  IncomeAssessmentEntity,
  CopayCertificateEntity,
  LimitCertificateEntity,
  SpecificDiseaseCertificateEntity,
  MedicalTicketEntity,
  ReferenceNumberEntity,
  ClientEntity,
  UsedIdEntity,
  EnrollmentEntity,
  EnrollmentStepEntity,
  EnrollmentReviewEntity,
  LossFilingEntity,
  IdentityChangeEntity,
  CoverageChangeEntity,
  CardRegistrationEntity,
  EnrollmentImportEntity,
  EnrollmentImportPartEntity,
  EligibilityCheckEntity,
  CheckAnswerEntity,
  CheckJournalEntity,
  CheckTwinEntity,
  CheckAnchorEntity,
  CheckRetentionMarkEntity,
  CheckLogPolicyEntity,
  ConsentEntity,
  EligibilityBatchEntity,
  EligibilityBatchPartEntity,
  OqsReceptionEntity,
  RecheckEntity,
  RecheckPositionEntity,
  IndividualNumberEntity,
  IndividualNumberOpeningEntity,
  PersonAccessEntity,
  FactChangeEntity,
  OutboxEntity,
  DemoPopulationEntity,
];
export { ClientEntity } from './client.entity.js';
