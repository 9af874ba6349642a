/** How names are compared in a filter: without regard to case and to how accents are written. */
export const foldName = (name: string): string => name.normalize("NFKC").toLowerCase();
