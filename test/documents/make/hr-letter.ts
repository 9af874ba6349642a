import { Document, HeadingLevel, Paragraph } from "docx";
import { bullets, paragraph, table } from "./memo.ts";
import type { Names } from "./names.ts";
import { docxBytes } from "./office.ts";

/** Personal data of every kind; the attached plan says more. */
export async function hrLetter(names: Names): Promise<Buffer> {
  const { blades, domain } = names;
  const body = `Dear Mr Brandl,

I hope you are recovering well. After your accident of 14 March 2024 at the Cuxhaven plant you are on sick leave. Your doctor has reported a fracture of the left wrist.

${blades} will pay sick pay of EUR 2,940 a month to your account. Please check the data we hold about you:

Name: Tomas Brandl
Date of birth: 7 June 1986
Address: Deichstraße 14, 27472 Cuxhaven
IBAN: DE89 3704 0044 0532 0130 00
Private phone: +49 40 66969 214

Your return to work is planned for 29 April 2024. The return-to-work plan is attached; it was agreed with Anna Reuter, who manages the Cuxhaven plant.

Kind regards
Sabine Lorenz
Human resources, ${blades}
`;
  const plan = await returnPlan(names);
  const boundary = "=_letter_2024_04_11";
  const lines = [
    `From: Sabine Lorenz <sabine.lorenz@${domain}>`,
    "To: Tomas Brandl <tomas.brandl@post.example>",
    "Subject: Your return to work",
    "Date: Thu, 11 Apr 2024 10:12:00 +0200",
    `Message-ID: <20240411101200.1@${domain}>`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    wrapped(Buffer.from(body, "utf8")),
    `--${boundary}`,
    'Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document; name="return-plan.docx"',
    'Content-Disposition: attachment; filename="return-plan.docx"',
    "Content-Transfer-Encoding: base64",
    "",
    wrapped(plan),
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "utf8");
}

const wrapped = (bytes: Buffer): string => bytes.toString("base64").replace(/.{76}/g, "$&\r\n");

async function returnPlan({ blades }: Names): Promise<Buffer> {
  const children = [
    new Paragraph({ text: "Return-to-work plan", heading: HeadingLevel.TITLE }),
    paragraph("For Tomas Brandl, technician at test rig 3, born on 7 June 1986."),
    paragraph(`Tomas Brandl works for ${blades} in Cuxhaven. His supervisor is Anna Reuter.`),
    table([["From", "Hours a day"], ["29 April 2024", "3"], ["13 May 2024", "5"], ["27 May 2024", "8"]]),
    paragraph(""),
    ...bullets(["No lifting above 5 kg until 30 June 2024.", "Physiotherapy of the left wrist twice a week."]),
  ];
  return docxBytes(new Document({ creator: blades, lastModifiedBy: blades, title: "Return-to-work plan", sections: [{ children }] }));
}
