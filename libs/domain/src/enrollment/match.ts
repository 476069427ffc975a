/** The five attributes of a J-LIS query: 漢字氏名, カナ氏名, 生年月日, 性別, 住所. */
export const MATCH_ATTRIBUTES = ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'] as const;
export type MatchAttribute = (typeof MATCH_ATTRIBUTES)[number];

export type MatchOutcome = 'register' | 'return_to_employer' | 'manual_review';

export interface MatchDecision {
  readonly outcome: MatchOutcome;
  readonly missing: readonly MatchAttribute[];
}

/**
 * Whether a number found by query may be registered (2023-06-01): only when all five attributes match one candidate. Not all
 * five, or nobody: ask the employer or the person again. More than one: a person decides, never a machine.
 */
export const matchDecision = (matched: readonly MatchAttribute[], candidates: number): MatchDecision => {
  const missing = MATCH_ATTRIBUTES.filter((attribute) => !matched.includes(attribute));
  if (missing.length > 0 || candidates === 0) return { outcome: 'return_to_employer', missing };
  return { outcome: candidates === 1 ? 'register' : 'manual_review', missing };
};

/** 誤入力チェック of every registration against 住基 (since 2024-05-07). */
export type MisinputCheck = 'match' | 'mismatch' | 'mismatch_corrected' | 'mismatch_cleared_with_reason';

/** A mismatch suspends viewing until it is corrected, or cleared with a reason. */
export const onlineViewAfter = (check: MisinputCheck): 'viewable' | 'suspended' =>
  check === 'mismatch' ? 'suspended' : 'viewable';
