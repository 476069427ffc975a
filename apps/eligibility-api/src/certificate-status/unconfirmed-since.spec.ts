import { unconfirmedSince } from './certificate-status-view.js';

const NOW = 1_000_000;
const AWAY_AFTER_MS = 3_000;
const WELL = { isAway: false, awaySince: undefined };

it.each([
  ['the registry is away', { isAway: true, awaySince: 990_000 }, NOW, 990_000],
  ['it is away, and nobody says since when', { isAway: true, awaySince: undefined }, NOW, NOW],
  ['confirmed just now', WELL, NOW, undefined],
  ['confirmed as long ago as a word may take to come here', WELL, NOW - 8_000, undefined],
  ['confirmed longer ago than that, though the way is open', WELL, NOW - 8_001, NOW - 8_001],
  ['by a clock that is a second ahead of ours', WELL, NOW + 1_000, undefined],
  ['by ours, before it was set back', WELL, NOW + 1_001, NOW],
])('%s', (_what, view, confirmedAt, expected) => {
  expect(unconfirmedSince(view, confirmedAt, NOW, AWAY_AFTER_MS)).toBe(expected);
});
