/**
 * 検証番号 of 保険者番号, 公費負担者番号, 受給者番号, 医療機関コード and 後期 被保険者番号: weights 2, 1, 2, 1 … from the rightmost
 * digit of the body, digits of each product added, 10 minus the last digit of the sum (MHLW 別添2). `body` is digits only.
 */
export const checkDigit = (body: string): number => {
  let sum = 0;
  let weight = 2;
  for (let at = body.length - 1; at >= 0; at -= 1) {
    const product = (body.charCodeAt(at) - 48) * weight;
    sum += product > 9 ? product - 9 : product;
    weight = 3 - weight;
  }
  return (10 - (sum % 10)) % 10;
};

/** Whether the last digit is the check digit of those before it. */
export const hasCheckDigit = (digits: string): boolean =>
  checkDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48;
