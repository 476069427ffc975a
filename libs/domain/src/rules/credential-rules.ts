import { cardExpiry, certificateStateOn, pinAfter } from '../credential/index.js';
import { dayText, step } from '../explanation.js';
import { day, listOf, oneOf, optional } from './input.js';
import { against, answer } from './result.js';
import { rule } from './rule.js';

export const certificateGrace = rule(
  {
    certificateExpiresOn: day,
    date: day,
    graceReading: optional(oneOf(['end-of-third-month', 'three-months-to-the-day'])),
  },
  (facts) => {
    const found = certificateStateOn(facts);
    return answer(
      { ...found },
      step(
        '電子証明書の更新猶予',
        `${facts.graceReading === 'three-months-to-the-day' ? '満了日の3か月後' : '満了月の3か月後の末日'}、${dayText(found.graceUntil)}まで資格確認だけできる`,
        '厚生労働省 newpage_50657',
      ),
    );
  },
);

export const cardExpiryRule = rule(
  {
    issuedOn: day,
    birthDate: day,
    appliedOn: optional(day),
    leapDayExpiry: optional(oneOf(['02-28', '03-01'])),
  },
  (facts) => {
    if (facts.birthDate > facts.issuedOn) {
      return against('birthDate', 'birth-after-date', 'the birth date is after the day of issue');
    }
    if (facts.appliedOn !== undefined && facts.appliedOn > facts.issuedOn) {
      return against('appliedOn', 'out-of-range', 'a card is not issued before it is applied for');
    }
    return answer(
      { ...cardExpiry(facts) },
      step('電子証明書', '発行の日後5回目の誕生日', 'マイナンバーカード総合サイト'),
      step(
        'カード',
        '発行時18歳以上（2022年3月31日までの申込みは20歳以上）は10回目、未満は5回目の誕生日',
        'マイナンバーカード総合サイト',
      ),
    );
  },
);

export const pinLock = rule(
  { certificate: oneOf(['auth4', 'sign']), attempts: listOf(oneOf(['ok', 'ng'])) },
  ({ certificate, attempts }) => {
    const state = pinAfter(certificate, attempts);
    return answer(
      { locked: state.locked, failuresInARow: state.failuresInARow },
      step('暗証番号のロック', '利用者証明用は連続3回、署名用は連続5回', 'マイナンバーカード総合サイト'),
    );
  },
);
