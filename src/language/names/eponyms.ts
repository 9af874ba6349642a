import { has, isMark, type Token } from "../tokens.ts";
import { Bit } from "../lists.ts";
import type { Found } from "./found.ts";

/** What is called after its discoverer, folded: before "de", "of", "von" or right before the name, or behind it. */
const thing = /^(?:sindrome|syndrome?|enfermedad|disease|krankheit|morbus|maladie|signo|signe|sign|zeichen|tecnica|technique|technik|test|prueba|epreuve|escala|scale|score|echelle|skala|index|indice|tumor|tumeur|canal|kanal|esofago|oesophage|capsula|capsule|kapsel|tendon|ligamento|ligament|medio|milieu|trompa|trompe|celulas|cellules|zellen|cells|quiste|kyste|zyste|hernia|hernie|fractura|fracture|fraktur|maniobra|manoeuvre|manover|clasificacion|classification|klassifikation|metodo|methode|method|efecto|effet|effekt|effect|ley|law|gesetz|linfoma|lymphome|lymphom|lymphoma|sarcoma|sarcome|sarkom|reflejo|reflexe|reflex|anillo|anneau|ring|saco|cul-de-sac|glandula|glande|esofagitis|ulcera|ulcere|virus|bacilo|bacille|criterios|criteres|kriterien|criteria|incision|incisure|espacio|espace|space|gonadotropina|pitiriasis|pitirasis|malformacion|malformation|anomalia|anomalie|nodulo|nodule|nodes?|granulomatosis|tiroiditis|thyroiditis|thyreoiditis|sondage?|sonda|sonde|pinza|pince|clamp|protesis|prothese|prosthesis|algorithm|algorithmus|theorem|equation|distribution|transform|constant|filter|curve|scan)$/u;
/** Called after somebody too, but only with the name behind it: "loi Bertrand", "salle Grignon". */
const place = /^(?:loi|decret|decreto|salle|sala|pavillon|pabellon|batiment|gebaude|saal|aile|unite|amphitheatre|prix|preis|premio|fondation|stiftung|fundacion|lycee|college|ecole|universite|universitat|universidad|clinique|hopital|station|estacion|gare|stade|estadio|stadion|medaille|stipendium)$/u;
const join = /^(?:de|del|des|d'|of|von|nach)$/u;

/** "esófago de Barrett", "Morbus Crohn", "Crohn disease", "Holter-EKG": a thing called after somebody, not somebody. */
export function isEponym(tokens: readonly Token[], { from, to }: Found): boolean {
  const words = tokens.slice(from, to).filter((each) => each.kind === "word");
  if (words.length > 2 || words.some((each) => has(each, Bit.title)) || (words.length === 2 && has(words[0], Bit.first))) return false;
  const before = isMark(tokens[from - 1], ".") ? tokens[from - 2] : tokens[from - 1];
  if (has(before, Bit.title)) return false;
  if (before && before.kind === "word" && place.test(before.fold)) return true;
  if (before && before.kind === "word" && (thing.test(before.fold) || (join.test(before.fold) && tokens[from - 2]?.kind === "word" && thing.test(tokens[from - 2]!.fold)))) return true;
  const at = isMark(tokens[to], "-") || tokens[to]?.text === "'s" ? to + 1 : to;
  return tokens[at]?.kind === "word" && tokens[at]!.shape === "a" && thing.test(tokens[at]!.fold);
}
