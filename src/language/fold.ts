/** Lower case, without accents, `ß` as `ss`, one kind of apostrophe and hyphen: the form the word lists are kept in. */
export function fold(word: string): string {
  let plain = word.toLowerCase();
  if (/[^a-z]/u.test(plain)) plain = plain.replace(/ß/gu, "ss").replace(/[’‘´`]/gu, "'").replace(/[‐‑]/gu, "-").normalize("NFD").replace(/\p{M}/gu, "");
  return plain;
}
