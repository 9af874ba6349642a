import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

describe("the number of a telephone or SIM card", () => {
  it.each([
    ["IMEI: 490154203237518", "490154203237518"],
    ["IMEI 49-015420-323751-8", "49-015420-323751-8"],
    ["35-209900-176148-1 lay on the desk", "35-209900-176148-1"],
    ["Die IMEI-Nummer lautet 490154203237517 (mistyped)", "490154203237517"],
    ["numéro IMEI : 35 209900 176148 1", "35 209900 176148 1"],
    ["ICCID 8944500102198304826", "8944500102198304826"],
    ["IMSI 310150123456789", "310150123456789"],
    ["MEID A0000049A1B2C3", "A0000049A1B2C3"],
  ])("is found in %j", (text, value) => expect(found(text)).toContain(`device_id: ${value}`));
  it("is found where a line break cuts it", () => expect(kinds("IMEI 4901542\n03237518")).toContain("device_id"));
  it.each(["Order 490154203237518 was shipped.", "The sum is 490154203237517 units.", "The device has 15 ports.", "SIM studies of 2024"])("is not found in %j", (text) => expect(kinds(text)).not.toContain("device_id"));
});

describe("a name in a social network", () => {
  it.each([
    ["Twitter: @anna_s", "@anna_s"],
    ["Instagram: anna.schmidt87", "anna.schmidt87"],
    ["Folge mir auf Twitter @annaschmidt", "@annaschmidt"],
    ["Skype: annaschmidt", "annaschmidt"],
    ["Discord = wolf#1234", "wolf#1234"],
    ["Benutzername: a.reuter", "a.reuter"],
    ["nom d'utilisateur : jdupont75", "jdupont75"],
    ["nombre de usuario: mruiz_84", "mruiz_84"],
    ["Write to @lynn.c on Instagram", "@lynn.c"],
    ["Sígueme: @carmen_ruiz", "@carmen_ruiz"],
    ["https://www.linkedin.com/in/eva-lang-12345/", "eva-lang-12345"],
    ["see twitter.com/evalang.", "evalang"],
    ["https://www.tiktok.com/@evalang", "evalang"],
    ["t.me/evalang", "evalang"],
    ["@eva@norvik.social", "@eva@norvik.social"],
  ])("is found in %j", (text, value) => expect(found(text)).toContain(`handle: ${value}`));
  it.each([
    "@override the method", "@Component({ selector: 'app' })", "Signal: loss of pressure", "Twitter shares fell by 3 %.", "Twitter: shares fell sharply.", "https://twitter.com/intent/tweet?text=x", "Username: required", "https://github.com/norvik/pump",
    "npm install @types/node", "https://www.facebook.com/sharer.php", "Steam: 12 bar at the inlet", "Threads: 4", "import x from '@scope/name'", "username: string", "linkedin.com/company/norvik", "Handle: turn it to the left",
  ])("is not found in %j", (text) => expect(kinds(text)).not.toContain("handle"));
});

describe("a number in a trade register", () => {
  it.each([
    ["SIREN 732 829 320", "732 829 320"],
    ["SIRET : 73282932000074", "73282932000074"],
    ["SIRET : 73282932000075 (mistyped)", "73282932000075"],
    ["n° Siret : 7328293200007 4", "7328293200007 4"],
    ["Amtsgericht Kiel, HRB 12345", "HRB 12345"],
    ["HRA 5678 KI", "HRA 5678 KI"],
    ["W-IdNr. DE123456789-00001", "DE123456789-00001"],
    ["Firmenbuchnummer: FN 123456a", "FN 123456a"],
    ["GISA-Zahl 12345678", "12345678"],
    ["Company number 01234567", "01234567"],
    ["Registered in Scotland SC123456", "SC123456"],
    ["numéro d'entreprise 0403.170.701", "0403.170.701"],
    ["Registro Mercantil de Madrid, hoja M-123456", "M-123456"],
    ["EIN 12-3456789", "12-3456789"],
  ])("is found in %j", (text, value) => expect(found(text)).toContain(`company_number: ${value}`));
  it.each(["Part 732 829 320", "12-3456789 is the part number", "The registered office has 12345678 bricks? No.", "FN 12 of the report"])("is not found in %j", (text) => expect(kinds(text)).not.toContain("company_number"));
  it.each([
    "Inhaberin: Eva Lang e.K., Amtsgericht Kiel HRA 5678 KI",
    "Auto-entrepreneur, SIRET : 73282932000074",
    "Paul Durand, en nom propre, SIRET : 732 829 320 00074",
    "trading as Lang Repairs, sole trader, VAT GB 123 4567 82",
    "autónomo, Registro Mercantil, hoja M-123456",
    "Einzelunternehmen, GISA-Zahl 12345678",
    "sole proprietorship, EIN 12-3456789",
  ])("is a person's beside the word for a sole trader: %j", (text) => expect(kinds(text)).toContain("sole_trader_number"));
  it("is no person's in a company's imprint", () => expect(kinds("Nordlicht Energie GmbH, Amtsgericht Kiel, HRB 12345")).not.toContain("sole_trader_number"));
});
