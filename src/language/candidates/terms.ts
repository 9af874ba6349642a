import { edge, matches, type Piece } from "./piece.ts";

const lists: [string, number, string][] = [
  ["TECHNOLOGY", .7, "machine learning|deep learning|artificial intelligence|blockchain|Kubernetes|Docker|TensorFlow|PyTorch|PostgreSQL|MySQL|SQLite|Linux|Bluetooth|Wi-?Fi|Ethernet|LoRaWAN|MQTT|OPC[ -]UA|Modbus|PROFINET|5G|GPS|RFID|cloud computing|digital twin|predictive maintenance|computer vision|speech recognition|neural networks?|REST API|GraphQL|OAuth|JavaScript|TypeScript|Python|Java|3D printing|photovoltaics?|heat pumps?|fuel cells?|lithium-ion batter(?:y|ies)|Künstliche[rn]? Intelligenz|maschinelle[sn]? Lernen|Brennstoffzellen?|Wärmepumpen?|Photovoltaik|digitaler Zwilling|intelligence artificielle|apprentissage automatique|pile à combustible|inteligencia artificial|aprendizaje automático|energía solar|SCADA|ERP|CRM|SAP S/4HANA|SAP"],
  ["TECHNOLOGY", .65, "(?:(?:test|production|assembly|packaging|pilot|filling|process)\\s(?:rig|line|bench|stand|cell|plant|unit)|machine|pump|turbine|boiler|furnace|press|reactor|compressor|generator|transformer|crane|kiln|conveyor)\\s\\d{1,3}[A-Z]?(?=\\s*(?:[.,;:)|\\n]|$)|\\s(?:is|was|has|had|of|in|at|on|and|by|with|will|failed|stopped|as)\\s)"],
  ["MATERIAL", .65, "(?:hydraulic|lubricating|mineral|crude|engine|transformer|vegetable|heating)\\soil|(?:stainless|carbon|duplex|mild|tool|spring|galvani[sz]ed|alloy)\\ssteel|steel|aluminium|aluminum|copper|titanium|concrete|rubber|glass fibre|glass fiber|carbon fib(?:re|er)|polyethylene|polypropylene|PVC|lithium|cobalt|nickel|graphite|hydrogen|natural gas|crude oil|silicon|ceramics|brass|bronze|cast iron|Stahl|Kupfer|Aluminium|Titan|Beton|Gummi|Wasserstoff|Erdgas|Gusseisen|Messing|Kunststoff|acier inoxydable|acier|cuivre|béton|hydrogène|verre|acero inoxidable|acero|cobre|hormigón|hidrógeno|aluminio|vidrio"],
  ["PROCESS", .6, "quality assurance|quality control|risk assessment|due diligence|supply chain management|commissioning|electrolysis|desalination|injection moulding|heat treatment|(?:ultrasonic|visual|final|incoming|acceptance|thermal|chemical|mechanical|electrical|optical|acoustic|magnetic|hydrostatic|radiographic|non-destructive|preventive|predictive|corrective|statistical|structural|functional|environmental|dimensional|vibration|pressure|leak|load|fatigue|tensile|laser|spot|arc)\\s(?:inspection|testing|analysis|treatment|welding|cutting|calibration|monitoring|maintenance|examination|screening)|incident response|change management|Qualitätssicherung|Qualitätskontrolle|Inbetriebnahme|Endprüfung|Elektrolyse|Entsalzung|Risikobewertung|contrôle qualité|mise en service|control de calidad|puesta en marcha"],
  ["EVENT", .6, "(?:(?!(?:the|this|that|any|each|our|your|his|her|their|its|after|and|for|with|from|was|had|has|last|first|second|another|such|no|serious|recent|later|before|during)\\s)[\\p{L}-]{3,20}\\s)(?:failure|stoppage|outage|breakdown|shutdown|spill|accident|explosion|recall|strike|incident|takeover|merger)"],
  ["DOCUMENT", .7, "(?<=(?:[Rr]eport|[Bb]ericht|[Cc]ertificate|[Mm]anual|[Pp]rotocol|[Rr]apport|[Ii]nforme|[Zz]ertifikat|[Gg]utachten)\\s(?:[Nn]o\\.\\s|Nr\\.\\s)?)\\p{Lu}{2,6}-\\d{2,4}-\\d{1,5}"],
];
/** Read only where the text may be German: "Esbrand" is no fire. */
const german: [string, number, string][] = [
  ["MATERIAL", .65, "\\p{Lu}\\p{Ll}{2,20}(?:öl|stahl|harz|fett)"],
  ["EVENT", .6, "\\p{Lu}\\p{Ll}{1,20}(?:ausfall|stillstand|unfall|austritt|störung|brand|streik|rückruf|übernahme|messe)"],
];
const compile = (words: [string, number, string][]) => words.map(([type, confidence, source]) => [new RegExp(`${edge.before}(?:${source})${edge.after}`, "gu"), type, confidence] as const);
const patterns = { any: compile(lists), german: compile(german), short: compile([["LOCATION", .7, "U\\.S\\.(?:A\\.)?|USA|U\\.K\\.|UK|UAE|USSR"], ["ORGANIZATION", .7, "U\\.N\\.|UN|EU|NATO|UNESCO|UNICEF|OPEC|OECD|NASA"]]) };

/** Technologies, materials, processes and events that have settled names. */
export const findTerms = (text: string, language: string | null): Piece[] => (language === "de" || language === null ? [...patterns.any, ...patterns.german] : patterns.any).flatMap(([pattern, type, confidence]) => matches(text, pattern, type, confidence));

/** Countries and bodies that everybody writes short; a longer name may hold them. */
export const findShortNames = (text: string): Piece[] => patterns.short.flatMap(([pattern, type, confidence]) => matches(text, pattern, type, confidence)).filter((each) => !asAdjective.test(text.slice(each.end, each.end + 16)) && !(each.type === "LOCATION" && /^\s\p{Lu}/u.test(text.slice(each.end, each.end + 2))));

/** "the U.S. state of Hawaii", "EU funds": what follows is the thing. */
const asAdjective = /^\s(?!(?:in|on|at|and|or|is|was|are|were|has|had|have|will|would|to|from|by|with|for|as|but|than|during|since|until|after|before|where|when|which|who|that|over|under|alone|und|oder|ist|war|hat|mit|für|bei|seit|et|est|y|es)\s)\p{Ll}/u;
