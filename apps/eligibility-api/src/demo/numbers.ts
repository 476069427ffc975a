import { checkDigit } from '@app/domain';

/** Numbers of the demo end in the check digit that the law's rule gives, so that they pass wherever a real one would. */
const withCheckDigit = (body: string): string => `${body}${checkDigit(body)}`;

/** Institutions of the demo clients. 見本 (sample) institutions in Tokyo; 23 4567 and the like name nobody. */
export const institutions = {
  clinic: withCheckDigit('131234567'),
  clinic2: withCheckDigit('131234568'),
  pharmacy: withCheckDigit('134234569'),
} as const;

export interface DemoInsurer {
  readonly insurerNumber: string;
  readonly insurerName: string;
  readonly scheme: 'shaho' | 'kokuho' | 'kouki' | 'medical-aid';
}

const insurer = (scheme: DemoInsurer['scheme'], body: string, insurerName: string): DemoInsurer => ({
  insurerNumber: withCheckDigit(body),
  insurerName,
  scheme,
});

/** Insurers of the scenario people. 0613048-8 is the example of MHLW 別添2. */
export const insurers = {
  society: insurer('shaho', '0613048', '見本健康保険組合'),
  otherSociety: insurer('shaho', '0627901', '手本健康保険組合'),
  association: insurer('shaho', '0113998', '見本協会　東京支部'),
  ward: insurer('kokuho', '13899', '見本区'),
  lateElderly: insurer('kouki', '3913899', '見本県後期高齢者医療広域連合'),
  welfare: insurer('medical-aid', '1213899', '見本福祉事務所'),
} as const;

const prefectures = [
  '北海道',
  '宮城',
  '埼玉',
  '千葉',
  '東京',
  '神奈川',
  '新潟',
  '愛知',
  '京都',
  '大阪',
  '兵庫',
  '広島',
  '福岡',
  '沖縄',
] as const;
const prefectureCodes = ['01', '04', '11', '12', '13', '14', '15', '23', '26', '27', '28', '34', '40', '47'] as const;

const ofEveryPrefecture = (
  scheme: DemoInsurer['scheme'],
  law: string,
  office: string,
  name: string,
): readonly DemoInsurer[] =>
  prefectures.map((prefecture, i) =>
    insurer(scheme, `${law}${prefectureCodes[i]}${office}`, `見本${prefecture}${name}`),
  );

/** Insurers of the synthetic population. */
export const population = {
  shaho: ofEveryPrefecture('shaho', '06', '777', '健康保険組合'),
  kokuho: ofEveryPrefecture('kokuho', '', '777', '市'),
  kouki: ofEveryPrefecture('kouki', '39', '777', '後期高齢者医療広域連合'),
} as const;

export const allInsurers: readonly DemoInsurer[] = [...Object.values(insurers), ...Object.values(population).flat()];
