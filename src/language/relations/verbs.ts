const thing = ["PRODUCT", "TECHNOLOGY", "CONCEPT", "PROCESS", "DOCUMENT", "MATERIAL", "EVENT"];
const actor = ["ORGANIZATION", "PERSON"];
const any = [...thing, ...actor, "LOCATION", "REGULATION", "METRIC"];
const effects = [...thing.filter((each) => each !== "MATERIAL"), "ORGANIZATION", "REGULATION", "METRIC"];

export interface Verb {
  type: string;
  /** Active wording; the subject stands on its left, the object on its right. */
  active?: string;
  /** Passive wording, agent on the right ("is manufactured by"); German participles stand in `participle`. */
  passive?: string;
  /** German: participle at the clause's end, "wurde von X gegründet", "hat X übernommen". */
  participle?: string;
  subjects: string[];
  objects: string[];
  /** The relation runs from object to subject: "X works for Y" is Y EMPLOYS X. */
  turned?: boolean;
  /** Tried as the object where nothing of `objects` stands. */
  otherwise?: string[];
  /** Both ends are of one kind: a turbine follows a turbine. */
  alike?: true;
  /** "delivers X to Y": Y is associated with X too. */
  recipient?: true;
  strength: number;
  confidence: number;
}

const adverb = "(?:\\s(?:also|now|currently|jointly|mainly|recently|fully|officially|originally|first))?";
const be = "(?:is|are|was|were|has\\sbeen|have\\sbeen|will\\sbe|being)";
const passive = (participles: string): string => `(?:${be}${adverb}\\s)?(?:${participles})(?:\\s[\\p{L}\\p{N},. ]{0,40}?)?\\sby`;
const romance = (participles: string): string => `(?:${participles})(?:\\s[\\p{L}\\p{N} ]{0,30}?)?\\s(?:par|por)`;
const build = "manufactured|produced|made|built|developed|designed|launched|created|written|directed|composed|released|published|invented|authored|marketed|sung|performed|painted";

/** Wordings of relations in English, German, French and Spanish; passive ones are tried first. */
export const verbs: Verb[] = [
  { type: "CREATES", passive: `${passive(build)}|${romance("fabriquée?s?|produite?s?|développée?s?|conçue?s?|réalisée?s?|fabricad[oa]s?|producid[oa]s?|desarrollad[oa]s?|diseñad[oa]s?|dirigid[oa]\\sy\\sescrit[oa]")}`, active: `manufactur(?:es|ed|ing)|produc(?:es|ed|ing)|builds?|built|develops?|developed|designs?|designed|launch(?:es|ed)|introduced|creat(?:es|ed)|wrote|directed|composed|released|published|invented|makes|made|stellt?(?=[^.;]{1,160}\\sher(?![\\p{L}]))|stellte(?=[^.;]{1,160}\\sher(?![\\p{L}]))|produziert|fertigt|baut|entwickelt(?:e)?|fabrique|produit|développe|conçoit|a\\slancé|a\\sdéveloppé|fabrica|produce|desarrolla|desarrolló|diseña|lanzó`, participle: "hergestellt|produziert|gefertigt|entwickelt|gebaut|vertrieben", subjects: actor, objects: thing, strength: 8, confidence: .8 },
  { type: "FOUNDED_BY", passive: `${passive("founded|co-founded|established|started|set\\sup")}|${romance("fondée?|créée|fundad[oa]|cread[oa]")}`, participle: "gegründet", subjects: ["PERSON", "ORGANIZATION"], objects: ["ORGANIZATION", "CONCEPT", "EVENT"], turned: true, strength: 9, confidence: .85 },
  { type: "FOUNDED_BY", active: "founded|co-founded|established|gründete|a\\sfondé|fonda|fundó", subjects: ["PERSON"], objects: ["ORGANIZATION", "CONCEPT"], turned: true, strength: 9, confidence: .8 },
  { type: "OWNS", passive: `${passive("owned|acquired|bought|purchased|taken\\sover|controlled")}|${romance("rachetée?|acquise?|détenue?|adquirid[oa]|comprad[oa]|controlad[oa]")}`, active: "owns|acquires?|acquired|bought|purchased|took\\sover|holds\\s(?:a\\s)?[\\d.,]{0,6}\\s?(?:%|percent|per\\scent|stake|majority)[\\p{L} ]{0,30}\\s(?:of|in)|besitzt|übernahm|übernimmt|erwarb|erwirbt|kaufte|hält|possède|détient|a\\sacquis|a\\sracheté|rachète|posee|adquirió|adquiere|compró", participle: "übernommen|erworben|gekauft", subjects: actor, objects: ["ORGANIZATION", "PRODUCT", "LOCATION"], strength: 8, confidence: .8 },
  { type: "MANAGES", passive: `${passive("led|headed|managed|run|chaired|supervised|overseen|coordinated")}|${romance("dirigée?|gérée?|pilotée?|dirigid[oa]|gestionad[oa]|liderad[oa]")}`, active: "(?:leads|led)(?!\\sto\\s|\\s(?:\\p{L}+\\s){1,3}to\\s\\p{Ll})|heads|headed|manages|managed|runs|directs|chairs|oversees|supervises|is\\sresponsible\\sfor|is\\sin\\scharge\\sof|leitet(?:e)?|führt(?!\\szu)|verantwortet|ist\\sverantwortlich\\sfür|steuert|dirige|gère|pilote|est\\sresponsable\\sd(?:e|u|es)|gestiona|lidera|encabeza|es\\sresponsable\\sde(?:l)?", participle: "geleitet|geführt|verantwortet", subjects: ["PERSON"], objects: ["ORGANIZATION", "PERSON", ...thing], otherwise: ["LOCATION"], strength: 8, confidence: .8 },
  { type: "MANAGES", active: "reports?\\s(?:directly\\s)?to|berichtet\\s(?:direkt\\s)?an|dépend\\shiérarchiquement\\sde|reporta\\sa", subjects: ["PERSON"], objects: ["PERSON"], turned: true, strength: 8, confidence: .8 },
  { type: "EMPLOYS", active: "employs|employed|hires|hired|appoint(?:s|ed)|recruited|beschäftigt|stellte(?=[^.;]{1,120}\\sein(?![\\p{L}]))|emploie|a\\srecruté|a\\snommé|emplea|contrató|nombró", passive: `${passive("employed|hired|appointed")}`, subjects: ["ORGANIZATION"], objects: ["PERSON"], strength: 8, confidence: .8 },
  { type: "EMPLOYS", active: "works?\\s(?:for|at)|worked\\s(?:for|at)|working\\s(?:for|at)|has\\sworked\\s(?:for|at)|joins?|joined|is\\san?\\s(?:employee|engineer|analyst|manager|consultant|member\\sof\\sstaff)\\s(?:of|at)|arbeitet(?:e)?\\s(?:als\\s\\p{L}{3,40}\\s)?(?:bei|für)|ist\\s(?:seit\\s\\d{4}\\s)?bei|travaille\\s(?:chez|pour)|a\\srejoint|trabaja\\s(?:en|para)|trabajó\\s(?:en|para)|se\\sincorporó\\sa", subjects: ["PERSON"], objects: ["ORGANIZATION"], turned: true, strength: 8, confidence: .8 },
  { type: "MANAGES", active: "operates?|operated|betreibt|exploite|opera(?=\\s(?:el|la|los|las|un|una|en)\\s)", passive: passive("operated|run|maintained"), participle: "betrieben", subjects: actor, objects: ["ORGANIZATION", ...thing], otherwise: ["LOCATION"], strength: 7, confidence: .7 },
  { type: "OWNS", active: "belongs?\\sto|gehört\\s(?:der|dem|zu)|appartient\\s(?:à|au)|pertenece\\sa", subjects: ["PRODUCT", "LOCATION"], objects: actor, turned: true, strength: 7, confidence: .75 },
  { type: "PART_OF", active: `(?:${be}\\s)?(?:an?\\s|the\\s)?(?:(?:wholly[- ]owned\\s)?subsidiary|division|unit|branch|affiliate|component|arm)\\sof|(?:${be}\\s)(?:parts?|components?)\\sof|belong(?:s|ed)?\\sto|${be}\\s(?:an?\\s|founding\\s)*member\\sof|(?:ist\\s)?(?:eine\\s|ein\\s)?(?:100-prozentige\\s|hundertprozentige\\s)?(?:Tochtergesellschaft|Tochter|Tochterunternehmen|Teil|Bestandteil|Mitglied|Abteilung)\\s(?:der|des|von|im|in\\sder)|gehört\\s(?:zur|zum|zu|der)|(?:est\\s)?(?:une\\s)?filiale\\s(?:de|du)|fait\\spartie\\s(?:de|du)|est\\smembre\\sd[eu]|(?:es\\s)?(?:una\\s)?filial\\sde|forma\\sparte\\sde|pertenece\\sa`, subjects: any, objects: any.filter((each) => each !== "PERSON"), strength: 8, confidence: .8 },
  { type: "CONTAINS", active: "contains?|contained|includes?|included|consists?\\sof|compris(?:es|ed)|is\\scomposed\\sof|enthält|umfasst|besteht\\saus|contient|comprend|se\\scompose\\sde|contiene|incluye|comprende|consta\\sde", subjects: any.filter((each) => each !== "PERSON"), objects: any, strength: 7, confidence: .7 },
  { type: "LOCATED_IN", active: `(?:${be}\\s)?(?:headquartered|based|located|situated|incorporated)\\s(?:in|at|near|on)|has\\sits\\s(?:registered\\s)?(?:office|headquarters|seat|head\\soffice)\\sin|with\\s(?:its\\s)?headquarters\\sin|lies\\sin|mit\\s(?:Haupt)?[Ss]itz\\sin|hat\\s(?:ihren|seinen)\\s(?:Haupt)?[Ss]itz\\sin|befindet\\ssich\\sin|liegt\\sin|ansässig\\sin|dont\\sle\\ssiège(?:\\ssocial)?\\sest\\s(?:à|en|au)|a\\sson\\ssiège\\s(?:à|en|au)|(?:est\\s)?(?:basée?|située?|installée?)\\s(?:à|en|au)|se\\strouve\\s(?:à|en|au)|con\\ssede\\sen|tiene\\ssu\\ssede\\sen|(?:está\\s)?(?:ubicad[oa]|situad[oa])\\sen|se\\sencuentra\\sen`, subjects: ["ORGANIZATION", "PRODUCT", "EVENT", "LOCATION", "CONCEPT"], objects: ["LOCATION"], strength: 8, confidence: .85 },
  { type: "USES", active: "us(?:es|ed|ing)|utili[sz]es|runs\\son|is\\spowered\\sby|are\\spowered\\sby|is\\sequipped\\swith|is\\sbased\\son|nutzt(?:e)?|verwendet(?:e)?|setzt(?=[^.;]{1,120}\\sein(?![\\p{L}]))|basiert\\sauf|ist\\s(?:mit\\s[^.;]{1,60}\\s)?ausgestattet|utilise|usa|utiliza|emplea", subjects: any.filter((each) => each !== "LOCATION"), objects: [...thing, "REGULATION", "ORGANIZATION"], strength: 7, confidence: .75 },
  { type: "USES", active: "gets|receives|is\\s(?:fitted|equipped|supplied)\\swith|comes\\swith|runs\\son|bekommt|erhält|ist\\sbestückt\\smit|reçoit|lleva", subjects: ["PRODUCT"], objects: ["PRODUCT", "TECHNOLOGY"], strength: 6, confidence: .65 },
  { type: "IMPLEMENTS", active: "compl(?:y|ies|ied)\\swith|conforms?\\sto|meets?(?:\\sthe\\srequirements\\sof)?|implement(?:s|ed)|(?:is|are|was)\\scertified\\s(?:to|under|according\\sto|in\\saccordance\\swith)|fulfil(?:l)?s|entspricht|erfüllt|(?:ist|sind|wurde)\\s(?:nach|gemäß)(?=[^.;]{1,60}\\szertifiziert)|ist\\szertifiziert\\snach|est\\sconforme\\s(?:à|au)|respecte|est\\scertifiée?|cumple(?:\\scon)?|está\\scertificad[oa]\\s(?:según|conforme\\sa)", subjects: any, objects: ["REGULATION", "TECHNOLOGY", "DOCUMENT", "PROCESS", "CONCEPT"], strength: 7, confidence: .8 },
  { type: "REQUIRES", active: "requir(?:es|ed)|needs?|needed|demands|erfordert|benötigt|braucht|setzt(?=[^.;]{1,120}\\svoraus)|verlangt|nécessite|exige|requiert|requiere|necesita|exige", subjects: any, objects: [...thing, "REGULATION", "PERSON", "QUANTITY"], strength: 7, confidence: .75 },
  { type: "DEPENDS_ON", active: "depends?\\s(?:up)?on|relies\\son|rely\\son|hängt(?=[^.;]{1,120}\\sab(?![\\p{L}]))\\svo[nm]|ist\\sabhängig\\svo[nm]|dépend\\sd[eu]|depende\\sde", subjects: any, objects: any, strength: 7, confidence: .8 },
  { type: "CAUSES", passive: passive("caused|triggered|provoked"), active: "caus(?:es|ed)|trigger(?:s|ed)|provoked|verursacht(?:e)?|löste(?=[^.;]{1,120}\\saus(?![\\p{L}]))|a\\scausé|(?:cause|provoque)(?=\\s(?:le|la|les|un|une|des|l)(?!\\p{L}))|a\\sprovoqué|causó|provocó|causa", participle: "verursacht|ausgelöst", subjects: any, objects: effects, strength: 7, confidence: .7 },
  { type: "LEADS_TO", active: "led\\sto|leads\\sto|result(?:s|ed)\\sin|führt(?:e)?\\szu(?:r|m)?|mène\\sà|a\\sconduit\\sà|conduce\\sa|condujo\\sa|resultó\\sen", subjects: any, objects: effects, strength: 7, confidence: .7 },
  { type: "ENABLES", active: "enables?|enabled|allows?|allowed|makes\\spossible|ermöglicht(?:e)?|erlaubt|permet|permite|habilita", subjects: any, objects: effects, strength: 6, confidence: .6 },
  { type: "PRECEDES", passive: passive("succeeded|followed|replaced"), active: "preced(?:es|ed)|comes\\sbefore|geht(?=[^.;]{1,120}\\svoraus)|précède|precede\\sa", subjects: any, objects: any, alike: true, strength: 6, confidence: .7 },
  { type: "FOLLOWS", active: "(?:is|are|was)\\sto\\s(?:follow|replace|succeed)|will\\s(?:follow|replace|succeed)|follow(?:s|ed)|succeed(?:s|ed)|replac(?:es|ed)|folgte?\\sauf|ist\\sNachfolger(?:in)?\\svo[nm]|löste?(?=[^.;]{1,120}\\sab(?![\\p{L}]))|ersetzt(?:e)?|a\\ssuccédé\\sà|succède\\sà|remplace|a\\sremplacé|sucedió\\sa|sustituye\\sa|sustituyó\\sa|reemplaza(?:\\sa)?", subjects: any, objects: any, alike: true, strength: 7, confidence: .75 },
  { type: "TYPE_OF", active: "(?:is|are)\\sa\\s(?:type|kind|form)\\sof|ist\\seine\\sArt\\s(?:von)?|est\\sun\\stype\\sde|es\\sun\\stipo\\sde", subjects: any, objects: any, strength: 7, confidence: .8 },
  { type: "INSTANCE_OF", active: "(?:is|are)\\san?\\s(?:example|instance)\\sof|ist\\sein\\sBeispiel\\sfür|est\\sun\\sexemple\\sde|es\\sun\\sejemplo\\sde", subjects: any, objects: any, strength: 7, confidence: .8 },
  { type: "SIMILAR_TO", active: "is\\ssimilar\\sto|resembles?|is\\scomparable\\s(?:to|with)|ähnelt|ist\\svergleichbar\\smit|est\\s(?:similaire|comparable)\\sà|es\\s(?:similar|comparable)\\sa", subjects: any, objects: any, alike: true, strength: 5, confidence: .75 },
  { type: "ASSOCIATED_WITH", active: "suppli(?:es|ed)|delivers?|delivered|sells?|sold|partners?\\swith|partnered\\swith|cooperat(?:es|ed)\\swith|collaborat(?:es|ed)\\swith|work(?:s|ed)\\swith|compet(?:es|ed)\\swith|signed\\s[\\p{L} ]{1,60}\\swith|liefert(?:e)?|beliefert|kooperiert\\smit|arbeitet\\smit|fournit|approvisionne|livre|collabore\\savec|travaille\\savec|suministra|abastece|entrega|colabora\\scon|trabaja\\scon", passive: `${passive("supplied|delivered")}`, participle: "beliefert|geliefert", subjects: actor, objects: actor, otherwise: ["PRODUCT", "TECHNOLOGY", "MATERIAL"], recipient: true, strength: 6, confidence: .75 },
];
