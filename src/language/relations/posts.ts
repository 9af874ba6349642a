/** Either case of the first letter of every word: "Chief Executive" heads a signature, "chief executive" a sentence. */
const eitherCase = (words: string): string => words.replace(/(^|\||\(\?:|\\s)(\p{Ll})/gu, (_, before: string, letter: string) => `${before}[${letter}${letter.toUpperCase()}]`);

const english = "director|manager|head|engineer|officer|executive|chair(?:man|woman|person)?|founder|co-founder|partner|analyst|consultant|adviser|advisor|lawyer|attorney|counsel|prosecutor|accountant|treasurer|secretary(?:[- ][gG]eneral)?|assistant|spokes(?:man|woman|person)|representative|ambassador|minister|commissioner|chancellor|dean|rector|superintendent|administrator|employee|staffer|researcher|professor|lecturer|scientist|economist|strategist|specialist|editor|correspondent|reporter|photographer|curator|investigator|inspector|auditor|coach|lead|leader|supervisor|foreman|planner|designer|developer|architect|buyer|clerk|technician|operator|controller|trainee|apprentice|intern";
const german = "Vorstand(?:smitglied)?|Vorsitzende[rn]?|Prokurist(?:in)?|Mitarbeiter(?:in)?|Beauftragte[rn]?|Sachbearbeiter(?:in)?|Präsident(?:in)?|Minister(?:in)?|Professor(?:in)?|Sekretär(?:in)?|Assistent(?:in)?|Referent(?:in)?|Berater(?:in)?|Anw(?:alt|ältin)|Techniker(?:in)?|Meister(?:in)?|Entwickler(?:in)?|Buchhalter(?:in)?|Redakteur(?:in)?|Experte|Expertin|Vertreter(?:in)?|Gründer(?:in)?|Finanzvorstand";
const germanEnds = "\\p{L}{0,20}[Ll]eiter(?:in)?|\\p{L}{0,20}[Dd]irektor(?:in)?|\\p{L}{0,20}[Ii]ngenieur(?:in)?|\\p{L}{0,20}[Ss]precher(?:in)?|\\p{L}{0,20}[Ee]inkäufer(?:in)?|\\p{L}{0,20}[Cc]hef(?:in)?|\\p{L}{1,20}(?:vorstand|vorsitzende[rn]?|beauftragte[rn]?|berater(?:in)?|minister(?:in)?|präsident(?:in)?|anwalt|anwältin|techniker(?:in)?|meister(?:in)?|experte|expertin)";
const romance = "directeur|directrice|responsable|ingénieure?|chef(?:fe)?|secrétaire|fondateur|fondatrice|director|directora|jef[ea]|ingenier[oa]|secretari[oa]|fundador(?:a)?|portavoz|porte-parole";

/** Nouns that manage the company. */
const leading = eitherCase("chief\\sexecutive(?:\\sofficer)?|CEO|managing\\sdirector|director\\sgeneral|general\\smanager|general\\sdirector|president|Geschäftsführer(?:in)?|Geschäftsleiter(?:in)?|Vorstandsvorsitzende[rn]?|Vorstandschef(?:in)?|Generaldirektor(?:in)?|directeur\\sgénéral|directrice\\sgénérale|PDG|présidente?(?:[- ]directeur\\sgénéral)?|gérante?|director(?:a)?\\sgeneral|gerente|consejer[oa]\\sdelegad[oa]|presidente|presidenta");
/** Nouns that say what somebody is at a company. */
export const posts = `${leading}|${eitherCase(`chief\\s\\p{L}{4,15}(?:\\s\\p{L}{4,13})?\\sofficer|vice\\spresident`)}|C[FTOIM]O|(?:\\p{L}{2,20}\\s)?(?:${eitherCase(english)})|${germanEnds}|${german}|${eitherCase(romance)}`;

/** Words between a post and the name, and between a post and the company. */
export const titles = "(?:(?:Herrn?|Frau|Mr|Mrs|Ms|Dr|Prof|M|Mme|Sr|Sra|Don|Doña)\\.?\\s){0,3}";
export const of = "(?:of|at|for|from|with|der|des|von|vom|bei|bei\\sder|beim|in\\sder|de|du|d['’]|chez|del|de\\sla|en)";

const leads = new RegExp(`(?<![\\p{L}])(?:${leading})(?![\\p{L}])`, "u");
const deputy = /(?<!\p{L})(?:deputy|vice|assistant\sto|stellvertretende\p{L}*|adjointe?|former|ehemalige\p{L}*|ancien(?:ne)?|ex|anterior)(?!\p{L})/iu;

/** Whether who holds the post leads the company. */
export const isLeading = (post: string): boolean => leads.test(post) && !deputy.test(post);
