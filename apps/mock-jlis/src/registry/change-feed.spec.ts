import { ChangeFeed, FeedTruncated } from './change-feed.js';

const feedOf = (changes: number, retained?: number): ChangeFeed => {
  const feed = new ChangeFeed('g', retained);
  for (let n = 1; n <= changes; n += 1) feed.append({ serial: `AAAAAAAA${n}`, status: 'revoked' }, 'now');
  return feed;
};
const sequences = (feed: ChangeFeed, after: number, limit: number): number[] =>
  feed.since(after, limit).map(({ sequence }) => sequence);

it('begins empty', () => {
  const feed = feedOf(0);
  expect(feed.last).toBe(0);
  expect(sequences(feed, 0, 10)).toEqual([]);
});

it.each([
  ['from the beginning', 0, 10, [1, 2, 3, 4, 5]],
  ['after one that was read', 3, 10, [4, 5]],
  ['no more than asked for', 1, 2, [2, 3]],
  ['nothing when complete', 5, 10, []],
  ['nothing beyond the end', 99, 10, []],
])('gives changes oldest first, without gaps: %s', (_case, after, limit, expected) => {
  expect(sequences(feedOf(5), after, limit)).toEqual(expected);
});

it('keeps at least the newest, and at most a tenth more', () => {
  const feed = feedOf(111, 100);
  expect(feed.last).toBe(111);
  expect(sequences(feed, 11, 1000)).toHaveLength(100);
  expect(sequences(feed, 11, 1)).toEqual([12]);
});

it('says so when changes a reader would need are gone', () => {
  expect(() => feedOf(111, 100).since(10, 1)).toThrow(FeedTruncated);
});
