import { below, pick, type Random } from "./random.ts";

/** Sentences about products, programs and parts ({X}: an invented name, no person; {K}: a company of one invented word; {H}: a heading). */
export const thingTemplates: Record<string, string[]> = {
  en: [
    "# {X}\n\n{X} turns files into tables and keeps them.", "Install {X} with the package manager, then start {X} once.", "The {X} {N} is certified to the new standard.", "We run {X}, {X} and {X} on two machines.", "{X} reads the environment by itself.", "{X} sends headers with every answer, so that {X} can resume.", "With [{X}]({X}) on the same machine everything stays local.", "See {X}'s own documentation for its options.",
    "{X}, {X} and S3 are optional; without {X} the queue is embedded.", "{K} makes two products: the {X} {Y}, a pump, and the smaller {X} {Y}.", "{K} expects revenue of 12 million.", "In June {K} delivered eight {X} {Y} units to the {X} Array.", "A second {X} in the rack answers when the first {X} is down.", "## {H}\n\nThe table lists what is supported.", "### {H}\n- {H}: none\n- {H}: optional", "{H}: the value is read once at start.", "| {X} | 18 | {H} |\n| {X} | 11 | {H} |",
    "Since version {Y} {X} uses a new cache.", "Open {X}, choose {H} and press {H}.", "The vessel {X} arrived in the harbour at noon.", "Ports of {X} were ported to {X} in {Y} days.", "In {X}, each {H} has one {H}.", "The {X} protocol replaced {X} in most browsers.", "Use {X} or {X} as the backend; {X} is faster.", "{X} ({X}) is a database written in {X}.", "Figure {Y}: {H} by region", "Total {H} of {K} rose by {Y} %.", "The {H} of the {H} is written to the {H}.",
  ],
  de: [
    "# {X}\n\n{X} liest Dateien und legt sie in Tabellen ab.", "Installieren Sie {X} und starten Sie danach {X} neu.", "Die {X} {N} erfüllt die neue Norm.", "{X}, {X} und {X} laufen auf zwei Rechnern.", "Mit {X} bleibt alles auf dem eigenen Gerät.", "{K} fertigt zwei Produkte: die {X} {Y} und die kleinere {X} {Y}.", "{K} erwartet einen Umsatz von 12 Millionen.", "Im Juni lieferte {K} acht {X} aus.", "{H}: Der Wert wird beim Start gelesen.", "## {H}\n\nDie Tabelle zeigt, was unterstützt wird.", "| {X} | 18 | {H} |\n| {X} | 11 | {H} |",
    "Seit Version {Y} nutzt {X} einen neuen Speicher.", "Die Datenbank {X} ersetzt {X}.", "Das Schiff {X} lief am Mittag ein.", "Öffnen Sie {X}, wählen Sie {H} und bestätigen Sie mit {H}.", "Abbildung {Y}: {H} nach Region", "Der Kurs von {K} stieg um {Y} Prozent.", "Die {H} der {H} erfolgt durch die {H}.", "Nach der {H} ist die {H} der {H} zu prüfen.", "{H}, {H} und {H} sind vorzulegen.", "Vitamin {X}, Wirkstoff {X} und Typ {X}",
  ],
  fr: [
    "# {X}\n\n{X} lit les fichiers et remplit les tableaux.", "Installez {X}, puis redémarrez {X}.", "Le {X} {N} est conforme à la nouvelle norme.", "{X}, {X} et {X} tournent sur deux machines.", "Traitement par {X} et {X} pendant dix jours.", "Prothèse {X}, valve {X} n° {Y}, sonde {X}", "{K} fabrique deux produits : la {X} {Y} et la {X} {Y}.", "{K} prévoit un chiffre d'affaires de 12 millions.", "{H} : la valeur est lue au démarrage.", "## {H}\n\nLe tableau indique ce qui est pris en charge.", "| {X} | 18 | {H} |", "Depuis la version {Y}, {X} utilise un nouveau cache.", "Ouvrez {X}, choisissez {H} puis {H}.", "Figure {Y} : {H} par région", "Le navire {X} est entré au port à midi.",
    "Loi {X} du {D}, décret n° {N}", "Unité {X}, bâtiment {X}, salle {X}, hôpital {X}", "Vaccination {X}, posologie : {X} 1 g matin et soir", "Radiologues :\nHématologues :\nBiologistes :", "Syndrome de {X}, maladie de {X}, signe de {X}, score de {X}",
  ],
  es: [
    "# {X}\n\n{X} lee los archivos y rellena las tablas.", "Instale {X} y reinicie {X}.", "El {X} {N} cumple la nueva norma.", "{X}, {X} y {X} funcionan en dos máquinas.", "Tratamiento con {X} y {X} durante diez días.", "Prótesis {X}, válvula {X} n.º {Y}, sonda {X}", "{K} fabrica dos productos: la {X} {Y} y la {X} {Y}.", "{K} prevé ingresos de 12 millones.", "{H}: el valor se lee al inicio.", "## {H}\n\nLa tabla indica lo que se admite.", "| {X} | 18 | {H} |", "Desde la versión {Y}, {X} usa otra caché.", "Abra {X}, elija {H} y pulse {H}.", "Figura {Y}: {H} por región", "El buque {X} llegó al puerto a mediodía.", "Síndrome de {X}, enfermedad de {X}, signo de {X}, test de {X}", "Se aisló {X} sensible a {X}.", "Anticuerpos anti-{X}, serología de {X} y {X} negativas.",
  ],
};

const openings = "b br c ch cl d dr f fl g gl gr h j k kl l m n p pl qu r s sk st t tr v w x z".split(" ");
const vowels = "a e i o u ai ea io oo y".split(" ");
const closings = "n r l x s t k m nd rt ll ss th ".split(" ");

/** "Quendra", "TavoDB", "Strell-9": what a product could be called. */
export function thing(random: Random): string {
  const syllable = (): string => pick(openings, random) + pick(vowels, random);
  const name = (): string => {
    const word = Array.from({ length: 1 + below(2, random) }, syllable).join("") + pick(vowels, random) + pick(closings, random);
    return word[0]!.toUpperCase() + word.slice(1);
  };
  const chance = random();
  if (chance < .08) return name().toUpperCase();
  if (chance < .16) return name() + pick(["DB", "MQ", "JS", "SQL", "Graph", "Chain", "Flow", "Net", "Soft", "Lab"], random);
  if (chance < .2) return `${name()}${name()}`;
  return name();
}
