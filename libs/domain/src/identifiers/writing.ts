import { digitsText } from './text.js';

/** How a number was written, where that is not how it is kept, or what that did to it. */
export type Writing = 'full-width' | 'spaces-around' | 'separators' | 'zero-padding' | 'leading-zero-missing';

const SEPARATORS = /[\s\p{Pd}\u2212]/gu;
/** As many zeros as a spreadsheet can have taken from the left of a number. */
const ZEROS_MAX = 4;

/**
 * What is peculiar about the writing of a number of digits. `separators` and `leading-zero-missing` are said only of a number
 * that would be right without them, or with them; `candidate` is that number.
 */
export const writingOf = (
  text: string,
  isRight: (candidate: string) => boolean,
): { readonly peculiar: readonly Writing[]; readonly candidate?: string } => {
  const peculiar: Writing[] = [];
  if (text.normalize('NFKC') !== text) peculiar.push('full-width');
  if (text.trim() !== text) peculiar.push('spaces-around');
  const digits = digitsText(text);
  if (isRight(digits)) return { peculiar };
  const bare = digits.replace(SEPARATORS, '');
  if (bare !== digits) {
    if (isRight(bare)) return { peculiar: [...peculiar, 'separators'], candidate: bare };
    return { peculiar };
  }
  if (!/^\d+$/u.test(digits)) return { peculiar };
  for (let zeros = 1; zeros <= ZEROS_MAX; zeros += 1) {
    const candidate = `${'0'.repeat(zeros)}${digits}`;
    if (isRight(candidate)) return { peculiar: [...peculiar, 'leading-zero-missing'], candidate };
  }
  return { peculiar };
};
