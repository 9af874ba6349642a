import sharp from "sharp";

/** A mail of one passage with a picture that has words in it, as an attachment. */
export async function letterWithPicture(company = "Velden Marine"): Promise<Buffer> {
  const words = `Harbour crane of ${company}`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200"><rect width="640" height="200" fill="white"/><text x="20" y="110" font-family="DejaVu Sans, sans-serif" font-size="36" fill="black">${words}</text></svg>`;
  const picture = (await sharp(Buffer.from(drawing)).png().toBuffer()).toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from(
    [
      "Subject: Delivery of the harbour crane",
      "Date: Tue, 04 Jun 2024 09:00:00 +0200",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="part"',
      "",
      "--part",
      "Content-Type: text/plain; charset=utf-8",
      "",
      `${company} GmbH delivers a harbour crane to Ostwick Terminal. ${company} GmbH is based in Rostock.`,
      "Ostwick Terminal operates the port of Ostwick.",
      "",
      "--part",
      'Content-Type: image/png; name="crane.png"',
      'Content-Disposition: attachment; filename="crane.png"',
      "Content-Transfer-Encoding: base64",
      "",
      picture,
      "--part--",
      "",
    ].join("\r\n"),
  );
}
