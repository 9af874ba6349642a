import type { Names } from "./names.ts";

/** Internal by its names and the one business address; no marking, nothing of a special category. */
export const meetingNotes = ({ company, short, services, domain }: Names): string => `# Steering meeting of 25 March 2024

Port Selwick, and by video from Cuxhaven

## Present

- Margarethe Voss, chief executive of ${company}
- Anna Reuter, who manages the Cuxhaven plant
- Jonas Reuter, head of purchasing, not related to Anna Reuter
- Lynn Chester, quality engineer

## Bearing failure

Lynn Chester reported on the bearing failure. She travels to Chester on 28 March 2024 to see the laboratory. Jonas Reuter will claim the damage from Esbrand under the Supply Agreement. Margarethe Voss decided that the Kittiwake 90 gets the HB-240 from now on. The HB-240 costs 40 percent more than the HB-220.

## Pentland Array

Northern Straits Energy had ordered eight turbines. NSE accepts delivery in June 2024 instead of May 2024. The MV Kittiwake tows the turbines to the Pentland Firth. The vessel belongs to ${services}.

## Background for the new members

${short} was founded by Margarethe Voss and Ewan Tolland in 2009. Ewan Tolland now leads ${services} in Stromness.

## Actions

| What | Who | Until |
|---|---|---|
| Claim the damage | Jonas Reuter | 15 April 2024 |
| Tell NSE the new date | Ewan Tolland | 2 April 2024 |

Minutes: Jonas Reuter, jonas.reuter@${domain}
`;
