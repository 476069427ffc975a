/** Who stands behind a 法別番号 (MHLW 別添2, 2024-07-12). */
export interface LawCode {
  readonly code: string;
  readonly ja: string;
  readonly scheme: 'shaho' | 'kokuho' | 'kouki' | 'medical-aid';
}

/** 法別番号 of insurers. 国保 has none: its numbers are six digits. 12 is public assistance, which checks in like one. */
export const INSURER_LAW_CODES: readonly LawCode[] = [
  { code: '01', ja: '全国健康保険協会管掌健康保険', scheme: 'shaho' },
  { code: '02', ja: '船員保険', scheme: 'shaho' },
  { code: '03', ja: '日雇特例被保険者（一般療養）', scheme: 'shaho' },
  { code: '04', ja: '日雇特例被保険者（特別療養）', scheme: 'shaho' },
  { code: '06', ja: '組合管掌健康保険', scheme: 'shaho' },
  { code: '07', ja: '自衛官等', scheme: 'shaho' },
  { code: '12', ja: '生活保護（医療扶助）', scheme: 'medical-aid' },
  { code: '31', ja: '国家公務員共済組合', scheme: 'shaho' },
  { code: '32', ja: '地方公務員等共済組合', scheme: 'shaho' },
  { code: '33', ja: '警察共済組合', scheme: 'shaho' },
  { code: '34', ja: '公立学校・日本私立学校振興・共済', scheme: 'shaho' },
  { code: '39', ja: '後期高齢者医療', scheme: 'kouki' },
  { code: '63', ja: '特例退職被保険者（健保組合）', scheme: 'shaho' },
  { code: '67', ja: '退職者医療（国保）', scheme: 'kokuho' },
  { code: '72', ja: '特例退職組合員（国家公務員）', scheme: 'shaho' },
  { code: '73', ja: '特例退職組合員（地方公務員等）', scheme: 'shaho' },
  { code: '74', ja: '特例退職組合員（警察）', scheme: 'shaho' },
  { code: '75', ja: '特例退職組合員（公立学校・私学）', scheme: 'shaho' },
];

const BY_CODE: ReadonlyMap<string, LawCode> = new Map(INSURER_LAW_CODES.map((law) => [law.code, law]));
export const insurerLaw = (code: string): LawCode | undefined => BY_CODE.get(code);
