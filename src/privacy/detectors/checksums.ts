/** Check digits of the identifiers in `identifiers/`; each takes the bare digits (and letters) of one value. */

export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}

/** ISO 7064 MOD 11,10: German tax id, VAT ids. */
export function iso7064Mod11Of10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

export const modulo = (digits: string, by: number): number => {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % by;
  return rest;
};

/** EAN-13, as the Swiss AHV number uses it. */
export const ean13 = (digits: string): boolean => (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(digits[12]);

/** Spanish DNI and NIE: the letter is the number modulo 23. */
export function spanishLetter(value: string): boolean {
  const plain = value.toUpperCase().replace(/^X/, "0").replace(/^Y/, "1").replace(/^Z/, "2");
  return "TRWAGMYFPDXBNJZSQVHLCKE"[Number(plain.slice(0, 8)) % 23] === plain[8];
}

/** ICAO 9303 weights 7 3 1: German identity card and passport; letters count from A = 10. */
export function icaoCheck(value: string): boolean {
  const weights = [7, 3, 1];
  const sum = [...value.slice(0, -1).toUpperCase()].reduce((total, each, index) => total + Number.parseInt(each, 36) * weights[index % 3]!, 0);
  return sum % 10 === Number(value.at(-1));
}

/** German pension insurance number: the letter becomes two digits, cross sums of 2 1 2 5 7 1 2 1 2 1 2 1. */
export function germanPension(value: string): boolean {
  const letter = String(value.toUpperCase().charCodeAt(8) - 64).padStart(2, "0");
  const digits = value.slice(0, 8) + letter + value.slice(9, 11);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = weights.reduce((total, weight, index) => total + crossSum(weight * Number(digits[index])), 0);
  return sum % 10 === Number(value.at(-1));
}

/** German health insurance number: the letter becomes two digits, cross sums of 1 2 1 2 … */
export function germanHealth(value: string): boolean {
  const digits = String(value.toUpperCase().charCodeAt(0) - 64).padStart(2, "0") + value.slice(1, 9);
  const sum = [...digits].reduce((total, digit, index) => total + crossSum(Number(digit) * (index % 2 === 0 ? 1 : 2)), 0);
  return sum % 10 === Number(value.at(-1));
}

const crossSum = (value: number): number => Math.floor(value / 10) + (value % 10);

/** Irish PPS: weights 8..2, the ninth letter counts nine times, modulo 23. */
export function irishPps(value: string): boolean {
  const upper = value.toUpperCase();
  const second = upper.length === 9 && upper[8] !== "W" ? (upper.charCodeAt(8) - 64) * 9 : 0;
  return "WABCDEFGHIJKLMNOPQRSTUV"[(weighted(upper, [8, 7, 6, 5, 4, 3, 2]) + second) % 23] === upper[7];
}

/** French NIR: key = 97 - number modulo 97; Corsica's 2A and 2B count as 19 and 18. */
export function frenchNir(value: string): boolean {
  const plain = value.toUpperCase().replace("2A", "19").replace("2B", "18");
  return plain.length === 15 && 97 - modulo(plain.slice(0, 13), 97) === Number(plain.slice(13));
}

/** Belgian national number: key = 97 - number modulo 97, with 2 before it for births from 2000 on. */
export function belgianNumber(digits: string): boolean {
  const key = Number(digits.slice(9));
  return 97 - modulo(digits.slice(0, 9), 97) === key || 97 - modulo(`2${digits.slice(0, 9)}`, 97) === key;
}
