import type { Names } from "./names.ts";

/** A German authority writes to the plant: a business letter with names and business contacts. */
export const germanLetter = ({ blades }: Names): string => `Amt für Arbeitsschutz Elbmündung
Stade

${blades}
Frau Anna Reuter
27472 Cuxhaven

Stade, 9. April 2024

Ölaustritt am Prüfstand 3

Sehr geehrte Frau Reuter,

am 21. März 2024 haben wir die ${blades} in Cuxhaven besichtigt. Anlass war der Ölaustritt vom 14. März 2024. Der Prüfstand 3 hatte keine verriegelte Schutztür. Die Norm DIN EN ISO 14119 verlangt für solche Prüfstände eine Verriegelung.

Wir fordern Sie auf, die Schutztür bis zum 31. Mai 2024 nachzurüsten. Andernfalls droht ein Zwangsgeld von 5.000 Euro. Die Prüfung der Schutztür übernimmt die Nordsee Prüfdienst GmbH in Bremerhaven.

Das ausgetretene Öl, rund 60 Liter Hydrauliköl, wurde fachgerecht entsorgt. Hierzu haben wir keine weiteren Fragen.

Mit freundlichen Grüßen

Dr. Henrike Petersen
Amt für Arbeitsschutz Elbmündung
Telefon +49 40 66969 320
`;
