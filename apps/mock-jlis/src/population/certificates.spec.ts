import { formatDay, parseDay, partsOf } from '../calendar/civil-day.js';
import { endOfCertificateIssued } from './certificates.js';

const day = (text: string): number => parseDay(text) ?? Number.NaN;

it.each([
  ['first issue, on the birthday', '2026-05-05', undefined, '2031-05-05'],
  ['first issue, the day before the birthday', '2026-05-04', undefined, '2030-05-05'],
  ['renewal long before the end', '2026-05-06', '2028-05-05', '2031-05-05'],
  ['renewal 91 days before the end', '2026-02-03', '2026-05-05', '2030-05-05'],
  ['renewal 90 days before the end', '2026-02-04', '2026-05-05', '2031-05-05'],
  ['renewal on the last day', '2026-05-05', '2026-05-05', '2032-05-05'],
  ['issue after the end', '2026-05-06', '2026-05-05', '2031-05-05'],
])('%s (%s) lasts until the birthday it should', (_what, on, replacedEnd, expected) => {
  const birth = partsOf(day('1980-05-05'));
  const replaces = replacedEnd === undefined ? undefined : { notAfter: day(replacedEnd) };
  expect(formatDay(endOfCertificateIssued({ year: 2026, day: day(on) }, birth, replaces))).toBe(expected);
});
