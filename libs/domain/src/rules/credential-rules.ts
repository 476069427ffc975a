import type { CivilDate } from '../calendar/index.js';
import {
  cardExpiry,
  certificateStateOn,
  pinAfter,
  type CertificateOnDate,
  type GraceReading,
} from '../credential/index.js';
import { dayText, step } from '../explanation.js';
import { day, listOf, oneOf, optional } from './input.js';
import { against, answer } from './result.js';
import { rule } from './rule.js';

/** What can still be done with the certificate, and to which day. */
const certificateWords = (
  facts: { readonly certificateExpiresOn: CivilDate; readonly graceReading?: GraceReading },
  { state, graceUntil }: CertificateOnDate,
): string => {
  const how = facts.graceReading === 'three-months-to-the-day' ? '満了日の3か月後' : '満了月の3か月後の末日';
  const grace = `${how}の${dayText(graceUntil)}まで`;
  switch (state) {
    case 'valid':
      return `${dayText(facts.certificateExpiresOn)}まで有効、その後も${grace}は資格確認だけできる`;
    case 'grace':
      return `${dayText(facts.certificateExpiresOn)}で満了、${grace}は資格確認だけでき、診療・薬剤情報は取得できない`;
    case 'expired':
      return `${dayText(facts.certificateExpiresOn)}で満了、${grace}の更新猶予も過ぎたため使えない`;
  }
};

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
      step('電子証明書の更新猶予', certificateWords(facts, found), '厚生労働省 newpage_50657'),
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
      step(
        '暗証番号のロック',
        '利用者証明用は連続3回、署名用は連続5回の誤りでロックする',
        'マイナンバーカード総合サイト',
      ),
    );
  },
);
