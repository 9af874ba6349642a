import { hasContext, wordList, type Detector, type Found, type TextView } from "./detector.ts";
import { inLines, matchesInLines } from "./pattern.ts";

/** Domains of providers for private people. */
export const freeMail =
  /^(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|mac|aol|gmx|web|t-online|freenet|mail|proton|protonmail|posteo|mailbox|arcor|orange|wanadoo|free|laposte|sfr|neuf|terra|telefonica|ono|ozu|bluewin|hispeed|btinternet|sky|virginmedia|comcast|verizon|zoho|yandex|tutanota|tuta)\.[a-z.]{2,12}$/i;
const privateWords = wordList("private, personal, privat, private e-mail, personnel, personnelle, personal e-mail, particular, privé, privée");
const mailWords = wordList("email, e-mail, mail, courriel, correo, correo electrónico");

const local = /[\p{L}\p{N}._%+'~-]/u;
const domain = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]|\.(?=[\p{L}\p{N}])){0,250}/u;
const spacedDomain = /^ [\p{L}\p{N}-]{1,63} ?\. ?[a-z]{2,10}(?![\p{L}\p{N}])/iu;
/** "meet at Example.com" is prose; brackets round the "at" or the "dot" are not. Few lines have any: the slow pattern waits for them. */
const spelled = inLines(
  /(?<![\p{L}\p{N}._-])[\p{L}\p{N}._-]{1,64} ?(?:\(at\)|\[at\]|\{at\}|<at>| at ) ?[\p{L}\p{N}-]{1,63}(?: ?(?:\(dot\)|\[dot\]|\{dot\}|\(punkt\)|\[punkt\]| dot |\.) ?[\p{L}\p{N}-]{1,63}){1,3}(?![\p{L}\p{N}])/iu,
  /[([{<](?:at|dot|punkt)[)\]}>]/i,
);

/** E-mail addresses, from each "@" outwards; addresses of providers for private people are private. */
export const email: Detector = {
  id: "email",
  kinds: ["email", "private_email"],
  joins: true,
  *find(view) {
    for (let at = view.text.indexOf("@"); at !== -1; at = view.text.indexOf("@", at + 1)) {
      const found = around(view, at);
      if (found) yield found;
    }
    for (const match of matchesInLines(view, spelled)) {
      if (/[([{<]/.test(match[0])) yield { kind: "email", start: match.index, end: match.index + match[0].length, score: 0.8 };
    }
  },
};

function around(view: TextView, at: number): Found | null {
  const { text } = view;
  let start = at;
  const apart = text[at - 1] === " ";
  // "E-mail: anna@ nordlicht.de": a blank behind the sign alone needs the label.
  const spaced = text[at + 1] === " " && (apart || mailWords.test(text.slice(Math.max(0, at - 80), at)));
  const before = spaced && apart ? at - 1 : at;
  start = before;
  while (start > before - 64 && start > 0 && local.test(text[start - 1]!)) start--;
  while (start < before && /[.'%+~-]/.test(text[start]!)) start++;
  const rest = text.slice(at + 1, at + 256);
  const host = spaced ? spacedDomain.exec(rest)?.[0] : domain.exec(rest)?.[0].replace(/[.-]{1,255}$/, "");
  if (!host || start === before) return null;
  const plain = host.replaceAll(" ", "");
  if (!/\.[\p{L}][\p{L}\p{N}-]{1,23}$/u.test(plain)) return null;
  const end = at + 1 + host.length;
  const isPrivate = freeMail.test(plain) || hasContext(view, start, end, privateWords, 25, 15);
  return { kind: isPrivate ? "private_email" : "email", start, end, score: spaced ? 0.8 : 0.97, checked: !spaced };
}
