/** Texts that make a careless pattern run for minutes, each about `length` characters. */
export function hostileTexts(length: number): [string, string][] {
  const seeds: Record<string, string> = {
    letters: "a", capitals: "A", at: "@", digits: "1", spacedDigits: "1 ", numbers: "123456789 ", phones: "+49 30 1234567 ", blanks: " ", lines: "\n", cells: "| ", dots: "1.", capitalised: "Ab ", colons: "a:",
    dashes: "-", underscores: "_", rue: "12 rue de ", calle: "Calle de la ", strasse: "Astraße ", passwords: "password ", mails: "a@b.", urls: "http://", hex: "0a:", keys: "-----BEGIN PRIVATE KEY-----", tokens: "eyJaaaaaaaaaaaa.",
    markings: "strictly ", titles: "Chief ", born: "born 1.1.", invisible: "a\u200b", combining: "e\u0301", machineReadable: "P<", ibans: "DE12 ", queries: "&token=", codes: "12 A ", dates: "01/02/1980 ", spelledAt: "a (at) ",
    initials: "A. ", postcodes: "12345 Ab ", credentials: "https://a:", suites: "Suite ", members: "member of the ", births: "née le aa ", fields: "domicilio: ", streets: "100 Aa Bb Cc Dd ", illness: "cancer he ", lives: "lives at 1 ", records: "NHC: 1", brackets: "[", tables: "|a|b\n|-|-\n", bars: "|\n|--", persons: "Anna Schmidt ",
    handles: "twitter: ", profiles: "t.me/", ats: "@a ", registers: "HRB 1 ", devices: "12-345678-", misread: "1O ", pairs: "\"a\": ", elements: "<a>", attributes: " a=", paths: "a.a.", commas: "a,b\n", semicolons: "a;", homoglyphs: "1\u0430 ",
  };
  return Object.entries(seeds).map(([name, seed]) => [name, seed.repeat(Math.ceil(length / seed.length))]);
}
