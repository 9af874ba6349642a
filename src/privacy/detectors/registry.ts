import type { Language } from "../../language/language.ts";
import { address } from "./address.ts";
import { birthAndAge } from "./birth-and-age.ts";
import { card } from "./card.ts";
import { columns } from "./columns.ts";
import { companyNumber } from "./company-number.ts";
import { confidentiality } from "./confidentiality.ts";
import { coordinates } from "./coordinates.ts";
import type { Detector } from "./detector.ts";
import { deviceId } from "./device-id.ts";
import { email } from "./email.ts";
import { handle } from "./handle.ts";
import { iban } from "./iban.ts";
import { identityCard } from "./identity-card.ts";
import { jobTitle } from "./job-title.ts";
import { labelledNumber } from "./labelled-number.ts";
import { names } from "./names.ts";
import { nationalIdEnglish } from "./national-id-english.ts";
import { nationalIdGerman } from "./national-id-german.ts";
import { nationalIdRomance } from "./national-id-romance.ts";
import { network } from "./network.ts";
import { phone } from "./phone.ts";
import { plate } from "./plate.ts";
import { recordNumber } from "./record-number.ts";
import { secrets } from "./secrets.ts";
import { sensitivityLabel } from "./sensitivity-label.ts";
import { specialCategories } from "./special-categories.ts";
import { tenantTerms } from "./tenant-terms.ts";
import { travelAndDriving } from "./travel-and-driving.ts";
import { vat } from "./vat.ts";

/** Those that need nothing but the text, cheapest first. */
export const structuredDetectors: readonly Detector[] = [
  tenantTerms,
  confidentiality,
  sensitivityLabel,
  secrets,
  email,
  iban,
  card,
  nationalIdEnglish,
  nationalIdGerman,
  nationalIdRomance,
  identityCard,
  travelAndDriving,
  vat,
  companyNumber,
  deviceId,
  handle,
  plate,
  recordNumber,
  labelledNumber,
  network,
  coordinates,
  birthAndAge,
  phone,
  columns,
  specialCategories,
  jobTitle,
  address,
];

/** Every detector, in the order they run; a new one is a file and a line here. */
export const allDetectors = (language: Language): readonly Detector[] => [...structuredDetectors, names(language)];
