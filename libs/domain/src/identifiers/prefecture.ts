/** 01 to 47, or the same + 50 where the first range of numbers ran out (MHLW 別添2). */
export const isPrefectureCode = (code: string): boolean => {
  const n = Number(code);
  return /^\d{2}$/u.test(code) && ((n >= 1 && n <= 47) || (n >= 51 && n <= 97));
};
