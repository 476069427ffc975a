import { ProblemException } from '../problems/problem.exception.js';
import { readCheckHeaders } from './request-headers.js';

const refusal = (headers: Parameters<typeof readCheckHeaders>[0]): unknown => {
  try {
    return readCheckHeaders(headers);
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return [error.code, error.status, error.details.errors?.map(({ pointer, code }) => [pointer, code])];
  }
};

it('without any of them a check is for treatment, by nobody named', () => {
  expect(readCheckHeaders({ authorization: 'Bearer x' })).toEqual({ purpose: 'treatment' });
});

it.each(['treatment', 'claim', 'correction'])('the purpose may be %s', (purpose) => {
  expect(readCheckHeaders({ 'shikaku-purpose': purpose })).toEqual({ purpose });
});

it.each([
  ['one character', 'a', 'b'],
  ['as long as may be', 'o'.repeat(64), 'k'.repeat(255)],
  ['every visible character', '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~', '!~'],
])('operator, terminal and key are taken as they are: %s', (_what, operator, idempotencyKey) => {
  const headers = { 'shikaku-operator': operator, 'shikaku-terminal': operator, 'idempotency-key': idempotencyKey };
  expect(readCheckHeaders(headers)).toEqual({
    purpose: 'treatment',
    operator,
    terminal: operator,
    idempotencyKey,
  });
});

const operator = ['#header/Shikaku-Operator', 'format'];
const key = ['#header/Idempotency-Key', 'format'];

it.each([
  ['an empty operator', { 'shikaku-operator': '' }, [operator]],
  ['an operator of 65 characters', { 'shikaku-operator': 'o'.repeat(65) }, [operator]],
  ['an operator with a space', { 'shikaku-operator': 'staff 17' }, [operator]],
  ['an operator with a line end', { 'shikaku-operator': 'a\nb' }, [operator]],
  ['an operator in kanji', { 'shikaku-operator': '資格' }, [operator]],
  ['an operator sent twice', { 'shikaku-operator': ['a', 'b'] }, [operator]],
  ['an empty terminal', { 'shikaku-terminal': '' }, [['#header/Shikaku-Terminal', 'format']]],
  ['a terminal of 65 characters', { 'shikaku-terminal': 't'.repeat(65) }, [['#header/Shikaku-Terminal', 'format']]],
  ['a terminal sent twice', { 'shikaku-terminal': ['a', 'b'] }, [['#header/Shikaku-Terminal', 'format']]],
  ['a key of 256 characters', { 'idempotency-key': 'k'.repeat(256) }, [key]],
  ['an empty key', { 'idempotency-key': '' }, [key]],
  ['a key sent twice', { 'idempotency-key': ['a', 'a'] }, [key]],
  ['a purpose that is none', { 'shikaku-purpose': 'curiosity' }, [['#header/Shikaku-Purpose', 'enum']]],
  ['a purpose of another case', { 'shikaku-purpose': 'Treatment' }, [['#header/Shikaku-Purpose', 'enum']]],
  ['an empty purpose', { 'shikaku-purpose': '' }, [['#header/Shikaku-Purpose', 'format']]],
  ['a purpose sent twice', { 'shikaku-purpose': ['claim', 'claim'] }, [['#header/Shikaku-Purpose', 'format']]],
  [
    'each that is wrong is named',
    { 'shikaku-operator': '', 'shikaku-purpose': 'x', 'idempotency-key': '' },
    [operator, key, ['#header/Shikaku-Purpose', 'enum']],
  ],
])('refused: %s', (_what, headers, errors) => {
  expect(refusal(headers)).toEqual(['invalid-header', 400, errors]);
});

it('a refusal repeats nothing of what was sent', () => {
  const error = ((): unknown => {
    try {
      return readCheckHeaders({ 'shikaku-operator': 'TARO 1987654', 'shikaku-purpose': 'TARO' });
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(ProblemException);
  const { message, details } = error as ProblemException;
  expect(JSON.stringify([message, details])).not.toMatch(/TARO|1987654/);
});
