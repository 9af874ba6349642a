import { fold } from "./fold.ts";

/** Function words that tell languages apart; words shared by several count for each. */
export const stopWords: Record<string, string> = {
  en: "the of and to in is that for it was on with as be by at from this are have has not or an which but they his her he she you we their will would been were what there can all if when who its had than into more about could should your please also only my our how why where do does did i'm me am because said up out so",
  de: "der die das und ist nicht von zu den mit sich des auf für ein eine dem als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr uns ihre seine kann im wenn diese dieser dieses was wer wo sehr geehrte unter gegen vom keine kein mich mir ihnen ihren",
  fr: "le la les de des et est en un une du que qui dans pour pas au sur ne se ce il sont par plus avec aux elle son sa ses mais ou nous vous je leur cette ces été avait ont être fait lui si comme tout qu'il d'un d'une n'est c'est où ils elles sans même aussi votre notre nos vos chez depuis après afin ans",
  es: "el la los las de del y que en un una es por con no se para su al lo como más pero sus le ya o fue este ha sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos son está era fueron ser tiene años usted mi tu",
  it: "il lo la gli le di che è e in un una per con non si del della dei delle al alla sono da nel nella come anche più ma questo questa ha ho essere stato dal dalla ai alle suo sua loro perché se ci mi molto tra fra degli negli sul sulla",
  nl: "de het een en van is dat op te in voor met niet zijn aan er om ook als bij dan maar door naar uit wordt hij ze wij ik je u heeft hebben deze dit die was werd worden over meer nog geen hun haar onze kan moet",
  pt: "o a os as de do da dos das e que em um uma é por com não se para no na nos nas ao aos à mais como mas foi ele ela seu sua são também pelo pela até isso entre depois sem mesmo quando muito já está eu você tem ser",
  pl: "i w na z do że się nie jest to o jak po ale za od przez dla czy był była było są przy tym tego jego jej ich oraz być może tylko który która które już także pod nad roku",
  sv: "och i att det som en på är av för den med till inte har de ett om var jag sig från vi så men man kan när år också eller vid nu under efter här",
  cs: "a v se na je že s z do o to i jako za by byl ale po pro jsou k od které nebo ve který jeho jsem podle při až není také",
  tr: "ve bir bu için ile de da ne olarak daha çok gibi en var olan sonra kadar ama değil ise ben sen biz tarafından her henüz göre önce hem ya veya olduğu olduğunu arasında üzerine bizim onun şu yok çünkü sadece bütün",
  fi: "ja on ei se että ovat oli mutta kuin tai myös hän sen joka jotka kun niin vain mukaan jos olla sekä vielä kanssa noin sitten olivat tämä tämän ole jossa siellä vai voi myöhemmin koska hänen ennen jälkeen",
  da: "og i at det er en til af for på de med der den ikke som har et om var sig fra men blev eller efter over kan ud skal også bliver ved år havde hun han dér hvor mange endnu",
  no: "og i at det er en til av for på de med der den ikke som har et om var seg fra men ble eller etter over kan ut skal også blir ved år hadde hun han hvor mange ennå",
  hu: "a az és egy nem hogy is van volt meg csak ez de el még már mint vagy ha itt majd ezt azt mely amely lesz után között szerint minden fel akkor pedig sem majd kell ami vagyis illetve",
  ro: "și de la a în cu un o pe nu care din este sunt ca mai sau pentru prin dar după fi au fost al ale cele lui lor dacă spre între acest această acum încă până către fără despre",
  ca: "de la el i que a en els les per un una amb no del és al dels es va més són com aquest aquesta pel seva seu també ha però ser ens fins entre sobre molt on",
  sk: "a v sa na je že s z do o to i ako za by bol bola ale po pre sú k od ktoré alebo vo ktorý jeho som podľa pri až nie je tiež ktorá ešte už",
  hr: "i u je na se da za su od s o kao koji koja koje ili ali iz do sa nije bio bila biti što po te prema nakon još već samo ako kod njegov",
};

/** Letters that hardly occur in other languages of the list. */
export const tellingLetters: Record<string, RegExp> = {
  de: /[äöüß]/gu,
  fr: /[éèêçœàùâîô]/gu,
  es: /[ñ¿¡áíóúé]/gu,
  it: /[àèìòù]/gu,
  pt: /[ãõçáéíóúâê]/gu,
  pl: /[ąćęłńśźżó]/gu,
  sv: /[åäö]/gu,
  cs: /[ěščřžůýáíé]/gu,
  hu: /[áéíóöőúüű]/gu,
  ro: /[ăâîșțşţ]/gu,
  tr: /[ğışçöü]/gu,
};

/** Scripts that name a language, or the commonest of theirs. */
export const scripts: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, "ja"],
  [/\p{Script=Hangul}/gu, "ko"],
  [/\p{Script=Han}/gu, "zh"],
  [/\p{Script=Cyrillic}/gu, "ru"],
  [/\p{Script=Greek}/gu, "el"],
  [/\p{Script=Arabic}/gu, "ar"],
  [/\p{Script=Hebrew}/gu, "he"],
  [/\p{Script=Thai}/gu, "th"],
  [/\p{Script=Devanagari}/gu, "hi"],
];

/** Function words of the four languages that are never a first name, as the lists fold them. */
export const functionWords = new Set(["en", "de", "fr", "es"].flatMap((language) => stopWords[language]!.split(" ")).filter((word) => word !== "will").map(fold));
