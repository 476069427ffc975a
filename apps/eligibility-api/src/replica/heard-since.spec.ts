import { HeardSince } from './heard-since.js';

const NOW = 1_000;

describe('what was told after an instant', () => {
  it.each([
    ['is newer than a replica of before', 899, 'a loss'],
    ['is not newer than a replica of that instant', 900, undefined],
    ['is not newer than a replica of after', 901, undefined],
  ])('%s', (_what, instant, expected) => {
    const heard = new HeardSince<string>();
    heard.note('card', 'a loss', 900);
    expect(heard.after('card', instant, NOW)?.value).toBe(expected);
  });

  it('is forgotten once the replica is as new, and does not come back', () => {
    const heard = new HeardSince<string>();
    heard.note('card', 'a loss', 900);
    heard.after('card', 900, NOW);
    expect(heard.after('card', 0, NOW)).toBeUndefined();
  });

  it('is no measure when it comes from the future of a clock that was set back', () => {
    const heard = new HeardSince<string>();
    heard.note('card', 'a loss', NOW + 1);
    expect(heard.after('card', 0, NOW)).toBeUndefined();
  });

  it('is kept until it is forgotten where it is for ever', () => {
    const heard = new HeardSince<string>((value) => value === 'revoked');
    heard.note('card', 'revoked', NOW + 1);
    expect(heard.after('card', NOW + 2, NOW)?.value).toBe('revoked');
    heard.forget('card');
    expect(heard.after('card', 0, NOW)).toBeUndefined();
  });

  it('is kept of the last two thousand', () => {
    const heard = new HeardSince<number>();
    for (let i = 0; i <= 2_000; i += 1) heard.note(String(i), i, 900);
    expect([heard.after('0', 0, NOW)?.value, heard.after('1', 0, NOW)?.value]).toEqual([undefined, 1]);
  });
});
