/** ", Apt. 12\n Town, State 57132": unit, town, region or country and the postcode behind a street, over at most four lines. */
const tail =
  /(?:,?[ \n]{1,2}(?:Apt|Suite|Unit|Flat)\.? \d{1,5})?(?:,? ?\n ?|, )(?:\p{Lu}[\p{L}'’-]{1,25}(?: [\p{L}'’-]{1,25}){0,3}(?: ?\n ?,? ?|, )){0,2}(?:(?!Tel|Tél|Phone|Fax|Mob|Patient)\p{L}{2,20}(?: (?:and|of|the|\p{Lu}\p{L}{1,20})){0,4}[ \n]{1,3})?\d{4,5}(?![\d\p{L}./:-])/uy;

/** The end of the address whose street ends at `end`. */
export function addressEnd(text: string, end: number): number {
  tail.lastIndex = end;
  return end + (tail.exec(text)?.[0].length ?? 0);
}
