import type { Detector } from "./detector.ts";
import { guarded, inLines, matchesIn, matchesInLines } from "./pattern.ts";

/** Tokens with a form of their own. */
const tokens = guarded(
  /(?<![A-Za-z0-9_-])(?:sk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{16,200}|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}|glpat-[A-Za-z0-9_-]{20,64}|xox[abeoprs]-[A-Za-z0-9-]{10,250}|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,250}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,128}|whsec_[A-Za-z0-9]{16,128}|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|hf_[A-Za-z0-9]{30,64}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40,250}|dop_v1_[a-f0-9]{64}|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}|AccountKey=[A-Za-z0-9+/=]{40,100}|https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,80})(?![A-Za-z0-9])/g,
);
const privateKey = guarded(/-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:[A-Za-z0-9+/=:,.\s]|-(?!-)){0,8000}-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/g);
const credentialsInUrl = inLines(/(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>]{1,100}:[^\s/@"'<>]{1,200}@[^\s/"'<>]{1,255}/i, /:\/\//);
const tokenInUrl = guarded(/[?&](?:api[_-]?key|access[_-]?token|auth[_-]?token|token|secret|password|signature|sig)=(?<value>[A-Za-z0-9%._~+/-]{8,500})/gi);
/** `password: value`; the value needs a mark of its own, so that "Password: required" is no secret. */
const assigned = guarded(
  /(?<![\p{L}\p{N}])(?:pass(?:word|wort|code|phrase)?|kennwort|pwd|mot de passe|mdp|contraseña|clave(?: de acceso)?|secret|api[ _-]?key|api-schlüssel|client[ _-]?secret|access[ _-]?(?:key|token)|auth[ _-]?token|bearer|private[ _-]?key|token|pin|encryption[ _-]?key)["']?(?: (?:is|ist|lautet|est|es)(?: now)?)?[ \t]{0,3}(?:[:=]|=>|is|ist|lautet|est|es|-)?[ \t]{0,3}["'`]?(?<value>[^\s"'`,;<>]{4,200})/giu,
);
const words = /^(?:required|optional|erforderlich|string|null|none|true|false|undefined|requis|obligatorio|\$\{[\s\S]*|\{\{[\s\S]*|<[\s\S]*|\*+|x+|\.+)$/i;

/** Keys, tokens and passwords: confidential whoever they belong to. */
export const secrets: Detector = {
  id: "secrets",
  kinds: ["secret", "private_key", "password", "url_credentials"],
  *find(view) {
    for (const match of matchesIn(view, tokens)) yield { kind: "secret", start: match.index, end: match.index + match[0].length, score: 0.95 };
    for (const match of matchesIn(view, privateKey)) yield { kind: "private_key", start: match.index, end: match.index + match[0].length, score: 0.99 };
    for (const match of matchesInLines(view, credentialsInUrl)) yield { kind: "url_credentials", start: match.index, end: match.index + match[0].length, score: 0.95 };
    for (const match of matchesIn(view, tokenInUrl)) yield { kind: "url_credentials", start: match.index + 1, end: match.index + match[0].length, score: 0.8 };
    for (const match of matchesIn(view, assigned)) {
      const value = match.groups!["value"]!.replace(/[.)\]]{1,200}$/, "");
      const start = match.index + match[0].lastIndexOf(match.groups!["value"]!);
      const score = strength(value, /[:=]/.test(match[0].slice(0, start - match.index)), /^pin/i.test(match[0]));
      if (score > 0) yield { kind: "password", start, end: start + value.length, score };
    }
  },
};

function strength(value: string, assignedBySign: boolean, isPin: boolean): number {
  if (words.test(value)) return 0;
  if (isPin) return assignedBySign && /^\d{4,8}$/.test(value) ? 0.8 : 0;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^\p{L}\p{N}]/u].filter((each) => each.test(value)).length;
  if (assignedBySign) return classes >= 3 || (classes >= 2 && /\d/.test(value)) ? 0.85 : value.length >= 12 && classes >= 2 ? 0.7 : 0;
  return classes >= 3 && /\d/.test(value) && value.length >= 6 ? 0.75 : 0;
}
