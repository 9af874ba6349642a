import type { Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const networks =
  "twitter|instagram|insta|tiktok|snapchat|telegram|skype|discord|mastodon|bluesky|bsky|threads|facebook|fb|linkedin|xing|github|gitlab|reddit|twitch|youtube|pinterest|wechat|signal|threema|icq|psn|xbox live|steam|soundcloud|flickr|tumblr|vk";
const labels = "(?:user|screen|account|profile)[ -]?name|handle|nickname|benutzername|nutzername|profilname|spitzname im netz|nom d'utilisateur|pseudo(?:nyme)?|identifiant (?:twitter|instagram)|nombre de usuario|usuario de (?:twitter|instagram|tiktok|telegram)|alias en (?:twitter|instagram|tiktok)";
const blank = "[ \\t]{1,3}";
/** "Twitter: @anna_s", "Insta anna.schmidt": the name follows the network's word with a sign of its own, an at or a colon. */
const named = guarded(
  new RegExp(`(?<![\\p{L}\\p{N}])(?:(?:${networks})(?:[ -](?:id|name|account|handle|konto|profil|profile|compte|cuenta))?|${labels})(?:[ \\t]{0,3}[:=][ \\t]{0,3}|${blank}(?:is|ist|est|es|lautet)${blank}|${blank}(?:under|unter|as|als|sous|como)${blank}|${blank}(?=@))(?<value>@?[\\p{L}\\p{N}_][\\p{L}\\p{N}_.#-]{1,39})(?![\\p{L}\\p{N}@/(])`, "giu"),
);
/** "@anna_s on Twitter", "@anna.s (Instagram)". */
const followed = guarded(new RegExp(`(?<![\\p{L}\\p{N}_.@/-])(?<value>@[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]{1,39})[ \\t]{1,3}(?:\\(|(?:on|auf|bei|sur|en)[ \\t]{1,3})(?:${networks})(?![\\p{L}\\p{N}])`, "giu"));
/** The announcing words stand without a network: "follow me @anna_s". */
const follow = guarded(/(?<![\p{L}\p{N}])(?:follow(?: (?:me|her|him|us))?(?: at| on)?|dm(?: me)?|folgt? (?:mir|ihr|ihm)|suivez(?:-moi)?|sígueme|síguela|síguelo)[ \t:]{1,4}(?<value>@[\p{L}\p{N}_][\p{L}\p{N}_.]{1,39})(?![\p{L}\p{N}@])/giu);
/** Addresses of profiles; a profile that only persons have counts more. */
const profiles = guarded(
  /(?<![\p{L}\p{N}.-])(?:https?:\/\/)?(?:www\.|[a-z]{2}\.)?(?:(?<person>linkedin\.com\/in|xing\.com\/profile|reddit\.com\/u(?:ser)?|snapchat\.com\/add|bsky\.app\/profile|(?:tiktok|youtube|threads)\.(?:com|net)\/@(?=\w))\/?|(?:twitter|x|instagram|facebook|fb|pinterest|twitch|vk)\.(?:com|tv)\/|(?:t|wa)\.me\/)(?<value>@?[\p{L}\p{N}_%][\p{L}\p{N}_.%-]{1,59})/giu,
);
const mastodon = guarded(/(?<![\p{L}\p{N}_.@/-])@[A-Za-z0-9_]{2,30}@[a-z0-9-]{1,40}\.[a-z]{2,10}(?![\p{L}\p{N}])/gu);
const pages = /^(?:share|sharer(?:\.php)?|intent|login|signup|search|hashtag|home|explore|about|help|privacy|terms|legal|policies|settings|p|reel|reels|stories|watch|events|groups|pages|marketplace|dialog|tr|i|plugins|profile\.php|company|jobs|docs|developers?)$/i;
/** What stands after "Twitter:" without being anybody's name there. */
const plainWords = /^(?:yes|no|none|required|optional|string|null|undefined|public|private|unknown|ja|nein|keine?|oui|non|aucune?|sí|ninguno|n\.?a\.?|http|https|www.*|the|our|a|an|der|die|das|le|la|el|un|une|ein|eine)$/i;

/** Names under which people go in social networks and messengers, in context: "@override" is nobody. */
export const handle: Detector = {
  id: "handle",
  kinds: ["handle"],
  *find(view) {
    for (const [pattern, score] of [[named, 0.8], [followed, 0.85], [follow, 0.8], [profiles, 0.7]] as const) {
      for (const match of matchesIn(view, pattern)) {
        const value = match.groups!["value"]!.replace(/[.\-#]{1,40}$/, "");
        if (pages.test(value) || plainWords.test(value) || value.length < 2 || (pattern === named && !signOfItsOwn(value, match[0]))) continue;
        const start = match.index + match[0].lastIndexOf(match.groups!["value"]!);
        yield { kind: "handle", start, end: start + value.length, score: match.groups!["person"] ? 0.9 : score };
      }
    }
    for (const match of matchesIn(view, mastodon)) yield { kind: "handle", start: match.index, end: match.index + match[0].length, score: 0.85 };
  },
};

/** "Signal: loss of pressure" and "Twitter: Shares fell" are prose: a name has an at, a digit or a sign inside, or follows the word for such a name in small letters. */
function signOfItsOwn(value: string, whole: string): boolean {
  if (value.startsWith("@")) return true;
  if (/[_\d#]|\p{L}\.\p{L}/u.test(value)) return !/^\d+$/.test(value) && !/^(?:signal|steam|threads|handle)/i.test(whole);
  return /^(?:skype|insta|telegram|snapchat|user ?name|benutzername|nickname|pseudo)/i.test(whole) && /[:=]/.test(whole) && /^\p{Ll}{4,}$/u.test(value);
}
