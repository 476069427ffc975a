/** 標準報酬月額表: a grade and the monthly pay (報酬月額) from which it applies, yen. */
export interface RemunerationGrade {
  readonly grade: number;
  readonly standardYen: number;
  /** Pay from here; the next grade's line is the end, exclusive. */
  readonly payFromYen: number;
}

/** [標準報酬月額, 報酬月額 from]; 健保法40条1項, 50 grades since 2016-04. */
const TABLE: readonly (readonly [number, number])[] = [
  [58_000, 0],
  [68_000, 63_000],
  [78_000, 73_000],
  [88_000, 83_000],
  [98_000, 93_000],
  [104_000, 101_000],
  [110_000, 107_000],
  [118_000, 114_000],
  [126_000, 122_000],
  [134_000, 130_000],
  [142_000, 138_000],
  [150_000, 146_000],
  [160_000, 155_000],
  [170_000, 165_000],
  [180_000, 175_000],
  [190_000, 185_000],
  [200_000, 195_000],
  [220_000, 210_000],
  [240_000, 230_000],
  [260_000, 250_000],
  [280_000, 270_000],
  [300_000, 290_000],
  [320_000, 310_000],
  [340_000, 330_000],
  [360_000, 350_000],
  [380_000, 370_000],
  [410_000, 395_000],
  [440_000, 425_000],
  [470_000, 455_000],
  [500_000, 485_000],
  [530_000, 515_000],
  [560_000, 545_000],
  [590_000, 575_000],
  [620_000, 605_000],
  [650_000, 635_000],
  [680_000, 665_000],
  [710_000, 695_000],
  [750_000, 730_000],
  [790_000, 770_000],
  [830_000, 810_000],
  [880_000, 855_000],
  [930_000, 905_000],
  [980_000, 955_000],
  [1_030_000, 1_005_000],
  [1_090_000, 1_055_000],
  [1_150_000, 1_115_000],
  [1_210_000, 1_175_000],
  [1_270_000, 1_235_000],
  [1_330_000, 1_295_000],
  [1_390_000, 1_355_000],
];

export const REMUNERATION_GRADES: readonly RemunerationGrade[] = TABLE.map(([standardYen, payFromYen], at) => ({
  grade: at + 1,
  standardYen,
  payFromYen,
}));

const LOWEST: RemunerationGrade = { grade: 1, standardYen: 58_000, payFromYen: 0 };

/** The grade of a month's pay, yen. */
export const remunerationGradeOf = (monthlyPayYen: number): RemunerationGrade =>
  REMUNERATION_GRADES.findLast((row) => monthlyPayYen >= row.payFromYen) ?? LOWEST;
