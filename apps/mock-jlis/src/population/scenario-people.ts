import { birthdayIn, type DayNumber, dayOf, parseDay, partsOf } from '../calendar/civil-day.js';
import type { Certificate } from './certificates.js';
import { halfWidth } from './half-width.js';
import type { Resident } from './resident.js';

/** A serial of the right shape that this registry never issued and never will. */
export const UNKNOWN_SERIAL = 'FFFFFFFF00000000';

/** What became of a scenario person's certificate. */
type CertificateStory =
  | { kind: 'good' }
  /** Ends so many days from today; moves on with the day. */
  | { kind: 'ends-in'; days: number }
  | { kind: 'ended'; notAfter: DayNumber }
  | { kind: 'revoked'; on: DayNumber }
  | { kind: 'renewed'; old: { notAfter: DayNumber }; renewedOn: DayNumber };

interface ScenarioPerson {
  /** Never reused and never changed: serial and personRef are made of it. */
  number: number;
  scenario: string;
  kanji: string;
  kana: string;
  birthDate: string;
  sex: '1' | '2';
  home: readonly [postNumber: string, address: string];
  certificate: CertificateStory;
}

const GOOD: CertificateStory = { kind: 'good' };

const SHIKAKU_HOME = ['100-0013', '東京都千代田区霞が関１丁目２番３号'] as const;
const TWIN_HOME = ['730-0011', '広島県広島市中区基町９丁目２番１号'] as const;
const DOUBLE_HOME = ['812-0011', '福岡県福岡市博多区博多駅前８丁目８番８号'] as const;

const person = (
  number: number,
  scenario: string,
  sex: '1' | '2',
  birthDate: string,
  kanji: string,
  kana: string,
  home: ScenarioPerson['home'],
  certificate: CertificateStory = GOOD,
): ScenarioPerson => ({ number, scenario, sex, birthDate, kanji, kana, home, certificate });

const MALE = '1';
const FEMALE = '2';

/** The registry's half of the demo's stories. Names and lots are invented. */
const SCENARIO_PEOPLE: readonly ScenarioPerson[] = [
  person(1, 'employee', MALE, '1980-05-05', '資格　太郎', 'シカク　タロウ', SHIKAKU_HOME),
  person(2, 'dependent', FEMALE, '1982-09-14', '資格　花子', 'シカク　ハナコ', SHIKAKU_HOME),
  person(3, 'child', FEMALE, '2020-04-01', '資格　桜', 'シカク　サクラ', SHIKAKU_HOME),
  person(4, 'elderly-20', MALE, '1955-03-10', '高齢　二郎', 'コウレイ　ジロウ', [
    '060-0001',
    '北海道札幌市中央区北一条西９９丁目１番',
  ]),
  person(5, 'elderly-30', FEMALE, '1954-06-21', '高齢　三千代', 'コウレイ　ミチヨ', [
    '980-0811',
    '宮城県仙台市青葉区一番町９丁目３番３号',
  ]),
  person(6, 'late-10', FEMALE, '1945-02-11', '後期　一子', 'コウキ　カズコ', [
    '460-0001',
    '愛知県名古屋市中区三の丸９丁目１番１号',
  ]),
  person(7, 'late-20', MALE, '1948-07-07', '後期　二朗', 'コウキ　ジロウ', [
    '530-0001',
    '大阪府大阪市北区梅田９丁目２番２号',
  ]),
  person(8, 'late-30', MALE, '1947-12-24', '後期　三男', 'コウキ　ミツオ', [
    '650-0001',
    '兵庫県神戸市中央区加納町９丁目３番３号',
  ]),
  person(9, 'turns-75', FEMALE, '1951-11-22', '満月　七五子', 'ミツキ　ナゴコ', [
    '604-0001',
    '京都府京都市中京区二条通烏丸９番地',
  ]),
  person(
    10,
    'certificate-grace',
    FEMALE,
    '1975-01-15',
    '猶予　待子',
    'ユウヨ　マチコ',
    ['330-0063', '埼玉県さいたま市浦和区高砂９丁目１番１号'],
    { kind: 'ends-in', days: -10 },
  ),
  person(
    11,
    'certificate-expired',
    FEMALE,
    '1970-03-03',
    '期限　弥生',
    'キゲン　ヤヨイ',
    ['260-0013', '千葉県千葉市中央区中央９丁目２番２号'],
    { kind: 'ended', notAfter: dayOf(2025, 3, 3) },
  ),
  person(
    12,
    'certificate-revoked',
    FEMALE,
    '1988-08-08',
    '失効　葉月',
    'シッコウ　ハヅキ',
    ['231-0001', '神奈川県横浜市中区新港９丁目３番３号'],
    { kind: 'revoked', on: dayOf(2026, 2, 2) },
  ),
  person(
    13,
    'certificate-renewed',
    MALE,
    '1985-10-10',
    '更新　新',
    'コウシン　アラタ',
    ['420-0851', '静岡県静岡市葵区黒金町９９番地'],
    { kind: 'renewed', old: { notAfter: dayOf(2025, 10, 10) }, renewedOn: dayOf(2025, 9, 1) },
  ),
  person(
    14,
    'certificate-expires-soon',
    FEMALE,
    '1990-12-20',
    '間近　冬実',
    'マヂカ　フユミ',
    ['950-0001', '新潟県新潟市中央区学校町９番町１番地'],
    { kind: 'ends-in', days: 30 },
  ),
  person(15, 'coverage-lost', MALE, '1992-04-17', '喪失　卯月', 'ソウシツ　ウヅキ', [
    '700-0001',
    '岡山県岡山市北区内山下９丁目４番６号',
  ]),
  person(16, 'job-changed', FEMALE, '1987-06-30', '転職　みなみ', 'テンショク　ミナミ', [
    '760-0001',
    '香川県高松市番町９丁目１番１０号',
  ]),
  person(17, 'two-coverages', MALE, '1979-11-11', '二重　一', 'ニジュウ　ハジメ', [
    '790-0001',
    '愛媛県松山市一番町９丁目４番２号',
  ]),
  person(18, 'retroactive-loss', FEMALE, '1983-02-28', '遡及　如月', 'ソキュウ　キサラギ', [
    '780-0001',
    '高知県高知市丸ノ内９丁目２番２０号',
  ]),
  person(19, 'dialysis', MALE, '1968-09-09', '透析　菊男', 'トウセキ　キクオ', [
    '860-0001',
    '熊本県熊本市中央区水前寺９丁目１８番１号',
  ]),
  person(20, 'non-taxable', FEMALE, '1966-01-26', '非課　睦美', 'ヒカ　ムツミ', [
    '870-0001',
    '大分県大分市大手町９丁目１番１号',
  ]),
  person(21, 'no-consent', MALE, '1994-07-01', '不同意　文人', 'フドウイ　フミト', [
    '880-0001',
    '宮崎県宮崎市橘通東９丁目１０番１号',
  ]),
  person(22, 'medical-aid', MALE, '1972-05-18', '扶助　皐月', 'フジョ　サツキ', [
    '900-0001',
    '沖縄県那覇市泉崎９丁目２番２号',
  ]),
  person(23, 'medical-aid-no-ticket', FEMALE, '1977-08-29', '扶助　無子', 'フジョ　ナイコ', [
    '890-0001',
    '鹿児島県鹿児島市鴨池新町９９番１号',
  ]),
  person(24, 'not-registered', MALE, '1999-03-21', '未登録　春彦', 'ミトウロク　ハルヒコ', [
    '850-0001',
    '長崎県長崎市尾上町９９番１号',
  ]),
  person(25, 'twin-a', FEMALE, '2015-02-14', '双葉　あい', 'フタバ　アイ', TWIN_HOME),
  person(26, 'twin-b', FEMALE, '2015-02-14', '双葉　まい', 'フタバ　マイ', TWIN_HOME),
  person(27, 'client-search', MALE, '2000-01-02', '診療　太郎', 'シンリョウ　タロウ', [
    '380-0001',
    '長野県長野市南長野９９番地２',
  ]),
  person(28, 'reference-number', FEMALE, '1981-12-12', '照会　師走', 'ショウカイ　シワス', [
    '500-0001',
    '岐阜県岐阜市薮田南９丁目１番１号',
  ]),
  person(29, 'low-income', FEMALE, '1953-10-05', '低所　神奈', 'テイショ　カンナ', [
    '514-0001',
    '三重県津市広明町９９番地',
  ]),
  person(30, 'newly-enrolled', MALE, '2001-04-02', '新規　四郎', 'シンキ　シロウ', [
    '320-0001',
    '栃木県宇都宮市塙田９丁目１番２０号',
  ]),
  person(31, 'double-a', MALE, '1990-01-01', '同姓　同名', 'ドウセイ　ドウメイ', DOUBLE_HOME),
  person(32, 'double-b', MALE, '1990-01-01', '同姓　同名', 'ドウセイ　ドウメイ', DOUBLE_HOME),
];

/**
 * Serial of the `nth` certificate (from 1) of a scenario person: `FFFFFFFF`, three digits of the person's number, five of
 * `nth`, all hexadecimal. `employee` has FFFFFFFF00100001. Synthetic serials begin with 0 to 7.
 */
export const scenarioSerial = (number: number, nth: number): string => `FFFFFFFF${hex(number, 3)}${hex(nth, 5)}`;

const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, '0');

/** Number of the scenario person who can have a serial. */
export const scenarioNumberOf = (serial: string): number | undefined =>
  /^F{8}[0-9A-F]{8}$/.test(serial) ? Number.parseInt(serial.slice(8, 11), 16) : undefined;

/** How many scenario people there are. */
export const SCENARIO_COUNT = SCENARIO_PEOPLE.length;

/** All scenario people as they are on a day, in the order of the population stream, with their numbers. */
export const scenarioPeopleOn = (today: DayNumber): (Resident & { number: number })[] =>
  SCENARIO_PEOPLE.map((story) => {
    const birthDay = parseDay(story.birthDate);
    if (birthDay === undefined) throw new RangeError(`no such birth date: ${story.scenario}`);
    return {
      number: story.number,
      scenario: story.scenario,
      personRef: `S${String(story.number).padStart(10, '0')}`,
      kanjiName: story.kanji,
      kanaName: halfWidth(story.kana),
      birthDay,
      birthDate: story.birthDate,
      sex: story.sex,
      address: story.home[1],
      postNumber: story.home[0],
      certificates: certificatesOf(story, birthDay, today),
    };
  });

const certificatesOf = (story: ScenarioPerson, birthDay: DayNumber, today: DayNumber): Certificate[] => {
  const serial = scenarioSerial(story.number, 1);
  switch (story.certificate.kind) {
    case 'good':
      return [goodUntil(serial, comfortableEnd(story.number, birthDay, today), birthDay)];
    case 'ends-in':
      return [goodUntil(serial, today + story.certificate.days, birthDay)];
    case 'ended':
      return [goodUntil(serial, story.certificate.notAfter, birthDay)];
    case 'revoked':
      return [
        {
          ...goodUntil(serial, comfortableEnd(story.number, birthDay, today), birthDay),
          revokedOn: story.certificate.on,
        },
      ];
    case 'renewed': {
      const successor = scenarioSerial(story.number, 2);
      return [
        { ...goodUntil(serial, story.certificate.old.notAfter, birthDay), supersededBy: successor },
        {
          serial: successor,
          notBefore: story.certificate.renewedOn,
          notAfter: comfortableEnd(story.number, birthDay, today),
          supersedes: serial,
        },
      ];
    }
  }
};

/** Five years up to a day, beginning a month before the birthday; never before birth. */
const goodUntil = (serial: string, notAfter: DayNumber, birthDay: DayNumber): Certificate => {
  const { year, month, day } = partsOf(notAfter);
  return { serial, notBefore: Math.max(birthdayIn(year - 5, { year, month, day }) - 30, birthDay + 14), notAfter };
};

/** A birthday in one of the four years after this one: always beyond today, and it moves on when its year has come. */
const comfortableEnd = (number: number, birthDay: DayNumber, today: DayNumber): DayNumber => {
  const soonest = partsOf(today).year + 1;
  return birthdayIn(soonest + ((((number + 1) % 4) - (soonest % 4) + 4) % 4), partsOf(birthDay));
};
