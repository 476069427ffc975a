import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const milliseconds = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const hours = (fallback: number) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 365)
    .default(fallback);

/**
 * Every setting of the two processes, once. `.env.example` and the table in the README are generated from here. Units are
 * the last part of a name. A setting without a default must be given.
 */
export const settingsSchema = z.object({
  PORT: port(3000).describe('Port of the counter: check-in, calculators, docs'),
  OFFICE_PORT: port(3001).describe('Port of the office: enrolment and documents'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address both processes listen on; 0.0.0.0 inside a container'),
  WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('Processes of the counter that answer checks on PORT; one more keeps what they read'),
  SHUTDOWN_GRACE_MS: milliseconds(0, 0, 120_000).describe(
    'Told to stop by SIGTERM, a process that answers says so (/health/ready is 503) and goes on taking requests for this long: what the balancer in front needs to notice. 0 without one',
  ),
  SHUTDOWN_DRAIN_MS: milliseconds(2_000, 0, 120_000).describe(
    'After that it listens no more and ends each connection with its next reply; connections that nobody uses for this long are closed',
  ),
  CONNECTIONS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe(
      'Connections each process that answers keeps open; one more is closed at once (with WORKERS, given to another first). Needs as many file descriptors',
    ),
  CHECK_DEADLINE_MS: milliseconds(2_500, 100, 60_000).describe(
    'What a check that has to be worked out may take; each call to the registry and each statement in PostgreSQL gets what is left of it',
  ),
  REQUESTS_UNDER_WAY_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe(
      'Requests of a process that wait for the registry, PostgreSQL or a token to be verified; one more is refused (503). Batches get a quarter of the places, calculators, lists and past checks half of them',
    ),
  OVERLOAD_DELAY_MS: milliseconds(40, 5, 10_000).describe(
    'How long things may come late to their turn, all the time, before checks are turned away (503). Batches are from a quarter of it, calculators, lists and past checks from half, checks without a ready answer from three quarters',
  ),
  OVERLOAD_REST_MS: milliseconds(200, 0, 10_000).describe(
    'A connection on which a check was turned away is not read from for this long, and other requests are told only then that they are; while things come late that is one after the other, all within 3 s',
  ),
  CLIENT_QUOTA_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(5_000)
    .describe(
      'Requests a client may send in CLIENT_QUOTA_SECONDS to each process that answers; one more is refused (429)',
    ),
  CLIENT_QUOTA_SECONDS: z.coerce.number().int().min(1).max(86_400).default(10).describe('See CLIENT_QUOTA_REQUESTS'),
  GUESSES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe(
      'Different numbers or birthdates that nobody has, which a client may ask about in an hour on one machine; past it its questions by number are slowed, those by card never',
    ),
  GUESS_HOLD_MS: milliseconds(2_000, 0, 60_000).describe(
    'To a client past GUESSES_MAX: how long an answer "nobody" takes. Four are worked on at once, one more is refused (429)',
  ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .describe(
      "PostgreSQL connection of this process's own role (for `prepare`: of the owner). `npm start` brings a database of its own when it is not set",
    ),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10).describe('Connections this process may hold'),
  DATABASE_TIMEOUT_MS: milliseconds(1_000, 50, 60_000).describe(
    'How long a statement, or waiting for a connection, may take',
  ),
  JLIS_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:3100')
    .describe('Base address of the national registry'),
  REGISTRY_TIMEOUT_MS: milliseconds(1_000, 50, 5_000).describe(
    'Deadline of one call to the registry; the call is cancelled then',
  ),
  REGISTRY_FEED_INTERVAL_MS: milliseconds(1_000, 20, 60_000).describe(
    'Pause between two readings of the feed of certificate changes',
  ),
  REGISTRY_DEGRADED_AFTER_MS: milliseconds(3_000, 100, 3_600_000).describe(
    'Answers by card are marked degraded when the feed was last confirmed longer ago than this',
  ),
  REGISTRY_BREAKER_RESET_MS: milliseconds(5_000, 50, 60_000).describe(
    'While the breaker to the registry is open, one call is let through after this long, or up to a fifth longer, so that processes do not probe together',
  ),
  REGISTRY_CALLS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Calls to the registry under way at once; one more is refused, as by the open breaker'),
  REGISTRY_RETRY_PERCENT: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe(
      'Retries for a hundred calls to the registry: one that broke off or was an error is tried again, within its deadline; 0 for none',
    ),
  REGISTRY_FAULTS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Address of the mock registry's fault switches, for GET and PUT /v1/operations/registry-faults; leave empty with a real registry",
    ),
  CREDENTIAL_MAX_AGE_HOURS: hours(24).describe(
    "How old the registry's word on a certificate may be; older ones are not answered from (503)",
  ),
  COVERAGE_MAX_AGE_HOURS: hours(72).describe(
    'How old the replica may be while PostgreSQL is away; older ones are not answered from (503)',
  ),
  REPLICA_BEHIND_MAX_AGE_HOURS: hours(24).describe(
    'How old the replica may be while PostgreSQL is there and has no time to say what is new; older ones are not answered from (503)',
  ),
  PLANNED_TABLES: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'Whether checks use limit tables that are announced and not yet law (from 2027-08), and say so; calculators always show both',
    ),
  REPLICA_SEAL: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'Whether records of the replica are sealed (AES-256-GCM); `off` for a DATA_DIR that is in memory or on an encrypted volume',
    ),
  REPLICA_INSURERS: z
    .string()
    .regex(/^\d{6}(\d\d)?(,\d{6}(\d\d)?)*$/, 'must be insurer numbers with commas between them')
    .optional()
    .describe(
      'Insurers whose people the replica holds, with commas between them; everybody when left empty. Others are asked of PostgreSQL',
    ),
  REPLICA_BEHIND_MS: milliseconds(5_000, 500, 600_000).describe(
    'The replica counts as current while it is no older than this; PostgreSQL is asked beyond it',
  ),
  BATCH_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('People of a batch asked at once; each process works on one batch at a time'),
  BATCH_ASIDE_PERCENT: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(30)
    .describe('A batch all but stops while callers keep the process busier than this'),
  BATCH_UNFINISHED_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(4)
    .describe('Unfinished batches a client may have; one more is refused (429)'),
  BATCH_QUEUE_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Unfinished batches of all clients together; one more is refused (503)'),
  BATCH_KEPT_HOURS: z.coerce
    .number()
    .int()
    .min(24)
    .max(24 * 14)
    .default(48)
    .describe(
      'A batch and its results are deleted this long after it ended; one that does not end, this long after it came',
    ),
  RECHECK_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Answers checked again at once, behind the callers'),
  RECHECK_LOOKBACK_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(366 * 5)
    .default(90)
    .describe(
      'Answers given up to this long ago are checked again when something is filed that reaches back to their service date; 0 for none',
    ),
  RECHECK_CHANGES_AFTER_MS: milliseconds(30_000, 0, 3_600_000).describe(
    'A change of facts is looked at for answers it reaches back to this long after it was noted: what was answered just before it is on record by then',
  ),
  RECHECK_GIVE_UP_HOURS: hours(168).describe(
    'A degraded answer that could not be checked again for this long is given up, and its sealed question erased',
  ),
  RECHECKS_KEPT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(366 * 5)
    .default(400)
    .describe('GET /v1/rechecks lists a re-check for this long; the checks themselves stay on record'),
  IMPORTS_KEPT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(366 * 5)
    .default(90)
    .describe(
      'What became of the rows of an import can be read for this long after its end; the filings themselves stay',
    ),
  OAUTH_ISSUER: z.url().optional().describe('`iss` of the access tokens issued here; default: http://localhost:PORT'),
  OAUTH_AUDIENCE: z.string().min(1).default('urn:shikaku:api').describe('`aud` of the access tokens accepted here'),
  OUTSIDE_ISSUER: z
    .url()
    .optional()
    .describe(
      '`iss` of an outside issuer (Keycloak, Entra …) whose access tokens are accepted beside our own, for clients that are registered here; needs OUTSIDE_ISSUER_JWKS_URL',
    ),
  OUTSIDE_ISSUER_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of its keys (JWKS); fetched every minute, believed for 24 h while it cannot be reached'),
  GENERATED_KEYS: z
    .enum(['allowed', 'refused'])
    .optional()
    .describe(
      'Whether a process starts with keys that `prepare` made for a demonstration; default: refused with NODE_ENV=production, else allowed. `keys:make` makes keys that are never refused',
    ),
  PUBLIC_ORIGINS: z
    .string()
    .refine(
      (list) => list.split(',').every((one) => URL.canParse(one.trim()) && /^https?:/.test(one.trim())),
      'must be http or https addresses with commas between them',
    )
    .optional()
    .describe(
      'Addresses under which callers reach counter and office, with commas between them: a DPoP proof has to be made for one of them. Default: that of OAUTH_ISSUER, and localhost',
    ),
  DPOP_NONCE: z
    .enum(['required', 'accepted'])
    .default('accepted')
    .describe(
      'Whether a DPoP proof has to hold a nonce of ours (RFC 9449 section 8): one more request now and then, and it does not matter what the clock of the caller shows',
    ),
  ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(30).max(600).default(600).describe('Lifetime of an access token'),
  SECRETS_DIR: z
    .string()
    .min(1)
    .default('data/secrets')
    .describe('Folder of the keys: signing key, answer-version key, replica key, demo clients'),
  VAULT_SECRETS_DIR: z
    .string()
    .min(1)
    .default('data/vault-secrets')
    .describe(
      'Folder of the keys that only the office has: of the vault, where individual numbers are, and the one by which the checks about a person are found. Written by `prepare`. The counter reads nothing in it and is not to be given it',
    ),
  DATA_DIR: z.string().min(1).default('data').describe('Folder of everything this copy keeps on disk'),
  JOURNAL_SYNC: z
    .enum(['second', 'group'])
    .default('second')
    .describe(
      'When a check in the local journal survives a power cut: at most 1 s after its reply, or before it (one fdatasync for all that came together). The process ending loses nothing either way',
    ),
  JOURNAL_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1_048_576)
    .default(4_294_967_296)
    .describe(
      'Room for the local journal while PostgreSQL is away. When it is used up, checks are committed to PostgreSQL before the reply, or refused (503)',
    ),
  JOURNAL_BATCH_STOP_PERCENT: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(80)
    .describe('Batches stop while more than this much of JOURNAL_BYTES_MAX is used: what is left is for check-in'),
  JOURNAL_PREALLOCATED_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(268_435_456)
    .describe(
      'Room on the disk that is kept for the next segments of the local journal (64 MiB each), whatever else fills the disk; 0 for none',
    ),
  ANCHOR_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(60)
    .default(30)
    .describe('How often it is said, signed, how far every chain of the check log has come'),
  ANCHOR_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File of the key that signs that (private JWK, Ed25519), which should not be on the disk of DATA_DIR; default: anchor-key.json in SECRETS_DIR',
    ),
  ANCHOR_PUBLIC_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of the keys that it is verified with (JWKS); default: anchor-public-keys.json in SECRETS_DIR'),
  CHECK_LOG_RETENTION: z
    .string()
    .regex(/^P(?=\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,5}D)?$/, 'must be a period such as P5Y or P66M')
    .default('P5Y')
    .describe(
      'How long checks stay on record (ISO 8601: years, months, days). A month goes when its last day is longer ago; less than five years is refused',
    ),
  CHECK_LOG_RETENTION_BELOW_FIVE_YEARS: z
    .enum(['refused', 'allowed'])
    .default('refused')
    .describe(
      'Whether CHECK_LOG_RETENTION may be less than five years; the owner of the database has to allow it there as well (check_log_policy)',
    ),
  OQS_AUTH_CLIENT_FIELD: z
    .string()
    .min(1)
    .max(64)
    .default('userId')
    .describe(
      'Field that names the client in the body of the auth call of the national web API; what receipt computers send there is in a file of theirs, and not public',
    ),
  OQS_AUTH_SECRET_FIELD: z
    .string()
    .min(1)
    .max(64)
    .default('password')
    .describe('Field of that body that holds the secret of the client'),
  OQS_FOLDER_ROOT: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder with req, res and face that the counter answers in, as the program of the national system does on the network of a clinic; none when left empty. One copy to a folder. `npm run oqs:folder` does the same over HTTP, from any machine',
    ),
  OQS_FOLDER_CLIENT: z
    .string()
    .min(1)
    .optional()
    .describe('Client whose folder OQS_FOLDER_ROOT is; a message that names another institution is refused'),
  OQS_FOLDER_CONSUMED: z
    .enum(['remove', 'keep'])
    .default('remove')
    .describe(
      'What becomes of an answered request: taken out of req and kept in DATA_DIR for OQS_FOLDER_KEPT_HOURS, or left where it is',
    ),
  OQS_FOLDER_WRITE: z
    .enum(['create-then-write', 'rename'])
    .default('create-then-write')
    .describe(
      'How results are written: under their name, empty, and filled after OQS_FOLDER_WRITE_AFTER_MS (some receipt computers wait for a file to be made, some for it to change), or whole at once',
    ),
  OQS_FOLDER_WRITE_AFTER_MS: milliseconds(200, 0, 10_000).describe(
    'Between the creation of a result and its content; a client that polls has to see both',
  ),
  OQS_FOLDER_POLL_MS: milliseconds(500, 20, 60_000).describe(
    'How often req is looked at where nothing was heard of it: a network share does not tell of everything',
  ),
  OQS_FOLDER_KEPT_HOURS: hours(24).describe('How long copies of answered requests are kept; they hold personal data'),
  POPULATION: z.coerce.number().int().min(0).max(20_000_000).default(10_000).describe('Size of the demo population'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe log line that is written'),
});

/** Settings as read: every value has its type, and what depends on others is filled in. */
export type Settings = Readonly<
  Omit<z.infer<typeof settingsSchema>, 'OAUTH_ISSUER' | 'GENERATED_KEYS'> & {
    OAUTH_ISSUER: string;
    GENERATED_KEYS: 'allowed' | 'refused';
  }
>;
