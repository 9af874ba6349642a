import { luhn } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const device = wordList("imei, imeisv, imei-nummer, imei-nr, imei number, imei no, numéro imei, n° imei, número imei, device id, device identifier, handset*, gerätenummer, gerätekennung, numéro d'appareil, identificador del dispositivo");
const simCard = wordList("iccid, sim card, sim-karte, sim number, sim-kartennummer, sim, carte sim, tarjeta sim, imsi");
const sign = /imei|device|handset|gerät|appareil|dispositivo|iccid|imsi|\bsim\b/i;
const rows: Identifier[] = [
  // Type, serial number and check digit in their groups (3GPP TS 23.003): rarely anything else when the check is right.
  { kind: "device_id", country: "*", pattern: /(?<![\d.,-])\d{2}([- ])\d{6}\1\d{6}\1\d(?![\d-]|[.,]\d)/, valid: luhn, words: device, alone: 0.7 },
  { kind: "device_id", country: "*", pattern: /(?<![\d.,-])\d{6}([- ])\d{2}\1\d{6}\1\d(?![\d-]|[.,]\d)/, valid: luhn, words: device, alone: 0.7 },
  { kind: "device_id", country: "*", pattern: /(?<![\d.,-])\d(?:[ -]?\d){14,15}(?![\d-]|[.,]\d)/, valid: (plain) => plain.length === 15 && luhn(plain), words: device, sign, alone: 0 },
  // MEID: fourteen hexadecimal digits.
  { kind: "device_id", country: "*", pattern: /(?<![A-Za-z0-9])[A-Fa-f9]\d[0-9A-Fa-f]{12}(?![A-Za-z0-9])/, words: wordList("meid, imei"), sign: /meid|imei/i, alone: 0 },
  // A SIM card's number begins with 89 (ITU-T E.118); a subscriber's has fifteen digits.
  { kind: "device_id", country: "*", pattern: /(?<![\d.,-])89\d{2}(?: ?\d){14,16}(?![\d-]|[.,]\d)/, valid: luhn, words: simCard, sign, alone: 0 },
  { kind: "device_id", country: "*", pattern: /(?<![\d.,-])[2-7]\d{14}(?![\d-]|[.,]\d)/, words: wordList("imsi"), sign: /imsi/i, alone: 0 },
];

/** Telephones and SIM cards: IMEI, MEID, ICCID and IMSI, by which a person is followed. */
export const deviceId = identifierDetector("device-id", rows);
