/** Where a visit is claimed whose insurance was not found that day (2023-07-19 請求に関する通知). */
export type ClaimFallback =
  | { readonly claimUnder: 'current' | 'former' }
  | { readonly insurerNumber: string; readonly insuredNumber: string; readonly remark: '不詳' };

/**
 * The order: the current insurance, then the former one, then 不詳. 77777779 stands in for software that insists on a right
 * check digit.
 */
export const claimFallback = (facts: {
  readonly foundAfterwards: 'current' | 'former' | null;
  readonly isKouki: boolean;
  readonly softwareNeedsCheckDigit: boolean;
}): ClaimFallback => {
  if (facts.foundAfterwards !== null) return { claimUnder: facts.foundAfterwards };
  return {
    insurerNumber: facts.softwareNeedsCheckDigit ? '77777779' : '77777777',
    insuredNumber: facts.isKouki ? '77777777' : '777777777',
    remark: '不詳',
  };
};
