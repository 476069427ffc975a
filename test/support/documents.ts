import { problems, type ProblemDefinition } from '@app/contracts';

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
