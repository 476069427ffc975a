/*
 * The check under k6, for people who use it:
 *
 *   k6 run -e BASE_URL=http://127.0.0.1:3000 -e CLIENT_ID=demo-clinic -e CLIENT_SECRET=… -e SERIALS=1A2B…,3C4D… bench/k6.js
 *
 * CLIENT_SECRET is in data/secrets/demo-clients.json of a running copy, serials in `npm run -s people`. RATE (checks a second,
 * 200), DURATION (1m) and CONSENT (true) may be given. The rate is an open one: questions come whatever the server does. k6
 * counts from when it sends, not from when it was to send; `dropped_iterations` says what it could not send, and fails the run.
 */
import { check, fail } from 'k6';
import encoding from 'k6/encoding';
import http from 'k6/http';

const baseUrl = __ENV.BASE_URL || 'http://127.0.0.1:3000';
const serials = (__ENV.SERIALS || '').split(',').filter((serial) => serial !== '');
const isConsented = (__ENV.CONSENT || 'true') === 'true';
const rate = Number(__ENV.RATE || 200);
const RENEW_AFTER_MS = 480_000;

export const options = {
  discardResponseBodies: false,
  scenarios: {
    checks: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: __ENV.DURATION || '1m',
      preAllocatedVUs: Math.max(20, Math.ceil(rate / 20)),
      maxVUs: Math.max(200, rate),
    },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    'http_req_duration{name:check}': ['p(99)<10', 'p(99.9)<50'],
    dropped_iterations: ['count==0'],
  },
};

const fetchToken = () => {
  const { CLIENT_ID: id = '', CLIENT_SECRET: secret = '' } = __ENV;
  const credentials = encoding.b64encode(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`);
  const response = http.post(`${baseUrl}/oauth/token`, 'grant_type=client_credentials', {
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    tags: { name: 'token' },
  });
  if (response.status !== 200) fail(`no token: ${response.status} ${response.body}`);
  return response.json('access_token');
};

export function setup() {
  if (serials.length === 0) fail('SERIALS is missing: certificate serials, comma-separated');
  return { token: fetchToken() };
}

/** A token lives ten minutes; each virtual user renews its own. */
let own = { token: '', since: 0 };
const tokenOf = (first) => {
  if (own.token === '') own = { token: first, since: Date.now() };
  if (Date.now() - own.since > RENEW_AFTER_MS) own = { token: fetchToken(), since: Date.now() };
  return own.token;
};

export default function ({ token }) {
  const certificateSerial = serials[Math.floor(Math.random() * serials.length)];
  const response = http.post(
    `${baseUrl}/v1/eligibility-checks`,
    JSON.stringify({
      card: { certificateSerial },
      consent: { limitApplicationCertificate: isConsented, specificDiseases: isConsented },
    }),
    {
      headers: {
        authorization: `Bearer ${tokenOf(token)}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      tags: { name: 'check' },
    },
  );
  check(response, {
    'is answered with 200': ({ status }) => status === 200,
    'has a verdict': (answered) => answered.status === 200 && answered.json('verdict') !== undefined,
    'is on record': (answered) => answered.status === 200 && answered.json('checkId') !== undefined,
  });
}
