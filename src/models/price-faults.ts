interface Dated {
  model: string;
  backend?: string | undefined;
  from: string;
  until?: string | undefined;
  peak: { days: number[]; fromHour: number; toHour: number }[];
}

/** What is wrong with a table of prices, by the row that has to be changed: a day with two prices, or with none in between. */
export function priceFaults(table: Dated[]): { index: number; message: string }[] {
  const rows = table.map((price, index) => ({ price, index }));
  const faults = rows.flatMap(({ price, index }) => ownFaults(price).map((message) => ({ index, message })));
  for (const same of Map.groupBy(rows, ({ price }) => JSON.stringify([price.model, price.backend ?? null])).values()) {
    const inOrder = same.toSorted((a, b) => (a.price.from < b.price.from ? -1 : 1));
    for (const [place, { price, index }] of inOrder.entries()) {
      const next = inOrder[place + 1]?.price;
      if (!next || price.until === next.from) continue;
      const name = `${price.model}${price.backend ? ` on ${price.backend}` : ""}`;
      const overlaps = price.until === undefined || price.until > next.from;
      faults.push({ index, message: overlaps ? `${name} has two prices from ${next.from} on; set until: ${next.from} on the earlier one` : `${name} has no price from ${price.until} until ${next.from}; set until: ${next.from} on the earlier one` });
    }
  }
  return faults.toSorted((a, b) => a.index - b.index);
}

function ownFaults({ model, from, until, peak }: Dated): string[] {
  const faults = until !== undefined && until <= from ? [`${model}: until (${until}) is not after from (${from})`] : [];
  const twice = peak.some((one, place) => peak.slice(place + 1).some((other) => one.days.some((day) => other.days.includes(day)) && one.fromHour < other.toHour && other.fromHour < one.toHour));
  return twice ? [...faults, `${model}: two of its peaks overlap`] : faults;
}
