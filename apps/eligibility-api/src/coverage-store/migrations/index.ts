import { CreateCoverage1795305600000 } from './1795305600000-create-coverage.js';
import { CheckJournal1795320000000 } from './1795320000000-check-journal.js';
import { OutboxHorizon1795392000000 } from './1795392000000-outbox-horizon.js';
import { CreateBatches1795395600000 } from './1795395600000-create-batches.js';
import { CheckChain1795399200000 } from './1795399200000-check-chain.js';
import { Rechecks1795406400000 } from './1795406400000-rechecks.js';
import { CreateEnrollments1795410000000 } from './1795410000000-create-enrollments.js';
import { CreateVault1795413600000 } from './1795413600000-create-vault.js';
import { ReviewsOfFilings1795420800000 } from './1795420800000-reviews-of-filings.js';
import { LossFilings1795424400000 } from './1795424400000-loss-filings.js';
import { FiledNumbers1795428000000 } from './1795428000000-filed-numbers.js';
import { EnrollmentImports1795435200000 } from './1795435200000-enrollment-imports.js';
import { PersonAccesses1795438800000 } from './1795438800000-person-accesses.js';
import { WorkOnFilings1795442400000 } from './1795442400000-work-on-filings.js';
import { ClientKeys1795446000000 } from './1795446000000-client-keys.js';
import { ChangesOfFacts1795449600000 } from './1795449600000-changes-of-facts.js';
import { RegisteredReferenceNumbers1795453200000 } from './1795453200000-registered-reference-numbers.js';
import { OqsReceptions1795456800000 } from './1795456800000-oqs-receptions.js';

/** In the order in which they run. Listed by import: a glob would differ between `src` and `dist`. */
export const migrations = [
  CreateCoverage1795305600000,
  CheckJournal1795320000000,
  OutboxHorizon1795392000000,
  CreateBatches1795395600000,
  CheckChain1795399200000,
  Rechecks1795406400000,
  CreateEnrollments1795410000000,
  CreateVault1795413600000,
  ReviewsOfFilings1795420800000,
  LossFilings1795424400000,
  FiledNumbers1795428000000,
  EnrollmentImports1795435200000,
  PersonAccesses1795438800000,
  WorkOnFilings1795442400000,
  ClientKeys1795446000000,
  ChangesOfFacts1795449600000,
  RegisteredReferenceNumbers1795453200000,
  OqsReceptions1795456800000,
];
