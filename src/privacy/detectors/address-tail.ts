/** ", Apt. 12\n Town, State 57132": unit, town, region or country and the postcode behind a street, over at most four lines. */
const tail =
  /(?:,?[ \n]{1,2}(?:Apt|Suite|Unit|Flat)\.? \d{1,5})?(?:,? ?\n ?|, )(?:\p{Lu}[\p{L}'’-]{1,25}(?: [\p{L}'’-]{1,25}){0,3}(?: ?\n ?,? ?|, )){0,2}(?:(?!Tel|Tél|Phone|Fax|Mob|Patient)\p{L}{2,20}(?: (?:and|of|the|\p{Lu}\p{L}{1,20})){0,4}[ \n]{1,3})?\d{4,5}(?![\d\p{L}./:-])/uy;

/** ", Lower Slaughter GL54 2HX", ", Cupertino, CA 95014", ", Dublin 1, D01 F5P2". */
const english =
  /(?:, ?\n?|\n)(?:\p{Lu}[\p{L}'’.-]{1,25}(?: (?:of|the|upon|on|\p{Lu}[\p{L}'’.-]{1,25}|\d{1,2}W?)){0,4}(?:, ?\n?|\n| )){1,3}(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]) ?\d[ABD-HJLNP-UW-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}|[A-Z]{2} \d{5}(?:-\d{4})?)(?![\p{L}\p{N}])/uy;

/** The end of the address whose street ends at `end`. */
export function addressEnd(text: string, end: number): number {
  tail.lastIndex = end;
  english.lastIndex = end;
  return end + Math.max(tail.exec(text)?.[0].length ?? 0, english.exec(text)?.[0].length ?? 0);
}
