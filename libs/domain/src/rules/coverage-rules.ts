import {
  coveringOn,
  coversOn,
  lossOf,
  validityOn,
  VOLUNTARY_APPLICATION_DAYS,
  VOLUNTARY_MONTHS_NEEDED,
  VOLUNTARY_WITHDRAWAL_FROM,
  voluntaryContinuation,
  voluntaryLossDate,
  type LossEvent,
} from '../coverage/index.js';
import { countText, dayText, step } from '../explanation.js';
import { day, flag, integer, listOf, nullable, object, oneOf, text } from './input.js';
import { against, answer, type Outcome } from './result.js';
import { rule, ruleBy } from './rule.js';

const KENPO36 = '健保法35条・36条';
const PERIOD = '資格の期間は、資格取得日から資格喪失日の前日まで';

export const coverageOnDate = rule({ acquiredOn: day, lostOn: nullable(day), date: day }, (facts) => {
  if (facts.lostOn !== null && facts.lostOn < facts.acquiredOn) {
    return against('lostOn', 'lost-before-acquired', 'a qualification is not lost before it is acquired');
  }
  return answer(
    { covered: coversOn(facts, facts.date) },
    step('資格の期間', `${PERIOD}。${dayText(facts.date)}はその${coversOn(facts, facts.date) ? '中' : '外'}`, KENPO36),
  );
});

export const coverageHistory = rule(
  {
    qualifications: listOf(object({ insurer: text(100), acquiredOn: day, lostOn: nullable(day) })),
    date: day,
  },
  ({ qualifications, date }) => {
    for (const [at, { acquiredOn, lostOn }] of qualifications.entries()) {
      if (lostOn !== null && lostOn < acquiredOn) {
        const detail = 'a qualification is not lost before it is acquired';
        return against(`qualifications/${at}/lostOn`, 'lost-before-acquired', detail);
      }
    }
    return answer(
      {
        covering: coveringOn(qualifications, date).map(({ insurer }) => insurer),
        qualificationValidity: validityOn(qualifications, date).code,
      },
      step(
        'その日の資格',
        `${PERIOD}。${dayText(date)}にあたる資格は${countText(coveringOn(qualifications, date).length)}件`,
        KENPO36,
      ),
    );
  },
);

/** A loss is the day after what caused it, but for the two that leave no gap. */
const LOSS_WORDS: Readonly<Record<LossEvent['event'], string>> = {
  retire: '退職した日の翌日',
  death: '死亡した日の翌日',
  same_day_transfer: '他の保険の資格を取得した当日',
  turns75: '75歳の誕生日の当日（後期高齢者医療に移る）',
};

export const lossDate = (() => {
  const lost = (event: LossEvent): Outcome =>
    answer({ ...lossOf(event) }, step('資格喪失日', LOSS_WORDS[event.event], '健保法36条, 高確法50条'));
  const dated = rule({ event: oneOf(['retire', 'death', 'same_day_transfer']), eventDate: day }, (facts) =>
    lost(facts),
  );
  return ruleBy([
    ['eventDate', dated],
    ['birthDate', rule({ event: oneOf(['turns75']), birthDate: day }, (facts) => lost(facts))],
    ['event', dated],
  ]);
})();

const KENPO37 = '健保法3条4項・37条・38条';
const ended = (fields: Readonly<Record<string, unknown>>, why: string): Outcome =>
  answer(fields, step('任意継続の資格喪失日', why, KENPO37));

export const voluntaryContinuationRule = ruleBy([
  [
    'lossDate',
    rule({ lossDate: day, monthsCoveredBefore: integer(0, 1200) }, (facts) =>
      answer(
        { ...voluntaryContinuation(facts) },
        step(
          '任意継続',
          facts.monthsCoveredBefore < VOLUNTARY_MONTHS_NEEDED
            ? `資格喪失日の前日までの継続が${facts.monthsCoveredBefore}か月で、${VOLUNTARY_MONTHS_NEEDED}か月に満たないため、任意継続できない`
            : `資格喪失日の前日まで継続${VOLUNTARY_MONTHS_NEEDED}か月以上、資格喪失日を含めて${VOLUNTARY_APPLICATION_DAYS}日以内に申し出れば2年間`,
          KENPO37,
        ),
      ),
    ),
  ],
  [
    'unpaidDueDate',
    rule({ unpaidDueDate: day }, (facts) =>
      ended({ lossDate: voluntaryLossDate({ cause: 'unpaid', dueDate: facts.unpaidDueDate }) }, '納付期日の翌日'),
    ),
  ],
  [
    'firstPaymentUnpaid',
    rule({ firstPaymentUnpaid: flag }, (facts) =>
      ended(
        { everInsured: !facts.firstPaymentUnpaid },
        facts.firstPaymentUnpaid
          ? '初回の保険料を納めないときは、被保険者とならなかったものとみなす'
          : '初回の保険料を納めたので、被保険者である',
      ),
    ),
  ],
  [
    'withdrawalReceivedOn',
    rule({ withdrawalReceivedOn: day }, ({ withdrawalReceivedOn: receivedOn }) =>
      receivedOn < VOLUNTARY_WITHDRAWAL_FROM
        ? against('withdrawalReceivedOn', 'before-the-rule', 'withdrawal on request exists since 2022-01-01')
        : ended({ lossDate: voluntaryLossDate({ cause: 'withdrawal', receivedOn }) }, '申出が受理された月の翌月1日'),
    ),
  ],
  [
    'employedAgainOn',
    rule({ employedAgainOn: day }, (facts) =>
      ended({ lossDate: voluntaryLossDate({ cause: 'employed', on: facts.employedAgainOn }) }, '就職した日'),
    ),
  ],
  [
    'diedOn',
    rule({ diedOn: day }, (facts) =>
      ended({ lossDate: voluntaryLossDate({ cause: 'died', on: facts.diedOn }) }, '死亡の翌日'),
    ),
  ],
  [
    'birthDate',
    rule({ birthDate: day }, (facts) =>
      ended({ lossDate: voluntaryLossDate({ cause: 'turns75', birthDate: facts.birthDate }) }, '75歳の誕生日'),
    ),
  ],
]);
