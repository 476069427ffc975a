import { problems, type ProblemDefinition } from '@app/contracts';
import { FALLBACK_DOCUMENTS } from '@app/domain';

import { DEGRADED_POLICY } from '../../apps/eligibility-api/src/check-in/degraded-policy.js';
import { settingsSchema } from '../../apps/eligibility-api/src/settings/index.js';

interface SettingDoc {
  readonly name: string;
  readonly description: string;
  /** Absent: it must be given, or is optional without a default. */
  readonly fallback?: string;
  readonly required: boolean;
}

const settings: readonly SettingDoc[] = Object.entries(settingsSchema.shape).map(([name, field]) => {
  const without = field.safeParse(undefined);
  const fallback: string | number | undefined = without.success ? without.data : undefined;
  return {
    name,
    description: field.description ?? '',
    required: !without.success,
    ...(fallback === undefined ? {} : { fallback: String(fallback) }),
  };
});

/** `.env.example`: every setting, commented out where it has a default. */
export const envExample = (): string =>
  [
    '# Settings of the counter and the office, generated from apps/eligibility-api/src/settings/schema.ts.',
    '# `npm start` needs none of them.',
    ...settings.flatMap(({ name, description, fallback, required }) => [
      '',
      `# ${description}`,
      required ? `${name}=` : `#${name}=${fallback ?? ''}`,
    ]),
    '',
  ].join('\n');

/** The rows of the README's table of settings. */
export const settingsTable = (): string =>
  [
    '| setting | default | what it is |',
    '| --- | --- | --- |',
    ...settings.map(
      ({ name, description, fallback, required }) =>
        `| \`${name}\` | ${required ? 'must be given' : fallback === undefined ? '' : `\`${fallback}\``} | ${description.replaceAll('|', String.raw`\|`)} |`,
    ),
  ].join('\n');

/** `docs/errors.md`: the catalogue of problems. */
export const errorsMarkdown = (): string =>
  [
    '# Problems',
    '',
    'Every error is RFC 9457 `application/problem+json` (the token endpoint alone speaks RFC 6749). A code never changes its',
    'meaning. Generated from `libs/contracts/src/problems.ts`; the running service shows the same page at `/docs/errors`.',
    '',
    '| code | status | retry | owner | what it says | for whoever writes the calling program |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(problems as Record<string, ProblemDefinition>).map(
      ([code, { status, retryable, owner, title, vendor }]) =>
        `| <a id="${code}"></a>\`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${owner} | ${title} | ${vendor} |`,
    ),
    '',
    '## At the counter',
    '',
    ...Object.entries(problems as Record<string, ProblemDefinition>).flatMap(([code, { clerk }]) =>
      clerk === undefined ? [] : [`**\`${code}\`** ${clerk.ja}`, '', `> ${clerk.en}`, ''],
    ),
  ].join('\n');

/** `docs/degraded.md`: how old an answer may be, and what is asked for where there is none. */
export const degradedMarkdown = (): string =>
  [
    '# When something is away',
    '',
    'Generated from `apps/eligibility-api/src/check-in/degraded-policy.ts` and',
    '`libs/domain/src/presentation/fallback-documents.ts`.',
    '',
    '## How old an answer may be',
    '',
    'An answer from older facts than usual says so in `freshness.degraded`: why, since when, and until when such an answer is',
    'given (`acceptUntil`). After that, and for every negative verdict from old coverage, the reply is 503',
    '`answer-unavailable`. Every degraded answer is checked again by itself when its source is back (`GET /v1/rechecks`).',
    '',
    '| `reason` | when | what is old | at most | setting | why so long |',
    '| --- | --- | --- | --- | --- | --- |',
    ...DEGRADED_POLICY.map(
      ({ reason, when, of, setting, because }) =>
        `| \`${reason}\` | ${when} | ${of} | ${settingsSchema.shape[setting].safeParse(undefined).data ?? ''} h | \`${setting}\` | ${because} |`,
    ),
    '',
    '## What the clerk asks for',
    '',
    'Every reply that leaves a clerk without an answer holds those of the day of the visit, in this order (`fallback`).',
    '',
    '| `code` | document | from | to | insured with it | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...FALLBACK_DOCUMENTS.map(
      ({ code, name, effectiveFrom, effectiveTo = '', insured, source, certainty }) =>
        `| \`${code}\` | ${name.ja}<br>${name.en} | ${effectiveFrom} | ${effectiveTo} | ${insured ? 'yes' : 'no: full charge, paid back later'} | ${source} (${certainty}) |`,
    ),
    '',
  ].join('\n');
