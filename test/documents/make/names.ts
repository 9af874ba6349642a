/** The invented company and what is named after it; the story's other names stand in the texts. */
export interface Names {
  /** "Corvane Tidal" */
  company: string;
  /** "Corvane Tidal SE" */
  legal: string;
  /** "Corvane": the first word, unless the name has only one */
  short: string;
  blades: string;
  services: string;
  /** Domain of its e-mail addresses, in the zone that is reserved for examples. */
  domain: string;
}

export function namesOf(company: string): Names {
  const short = company.split(" ")[0]!;
  const domain = short.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
  return { company, legal: `${company} SE`, short, blades: `${short} Rotorblatt GmbH`, services: `${short} Services Ltd`, domain: `${domain || "company"}.example` };
}

/** Dates inside the files, so that making them again gives the same bytes. */
export const fixedDate = new Date("2025-03-03T09:00:00Z");
