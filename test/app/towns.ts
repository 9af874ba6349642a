/** Documents in flight while servers, processes and clocks fail: fifty; CI, which has little time, sets fewer for some. */
export const inFlight = Number(process.env["SLUICE_TEST_DOCUMENTS"] ?? 50);

/** Names that no word list knows, each its own. */
export const inventedTowns = (count: number): string[] => Array.from({ length: count }, (_, place) => `Ort${String.fromCharCode(97 + (place % 26))}${["berg", "tal"][Math.floor(place / 26)]}`);

/** A small document with two things and two relations that only it tells of. */
export const note = (town: string): { name: string; text: string } => ({ name: `${town}.txt`, text: `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.` });
