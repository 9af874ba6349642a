import { edge, matches, type Piece } from "./piece.ts";

const lists: [string, number, string][] = [
  ["TECHNOLOGY", .7, "machine learning|deep learning|artificial intelligence|blockchain|Kubernetes|Docker|TensorFlow|PyTorch|PostgreSQL|MySQL|SQLite|Linux|Bluetooth|Wi-?Fi|Ethernet|LoRaWAN|MQTT|OPC[ -]UA|Modbus|PROFINET|5G|GPS|RFID|cloud computing|digital twin|predictive maintenance|computer vision|speech recognition|neural networks?|REST API|GraphQL|OAuth|JavaScript|TypeScript|Python|Java|3D printing|photovoltaics?|heat pumps?|fuel cells?|lithium-ion batter(?:y|ies)|Künstliche[rn]? Intelligenz|maschinelle[sn]? Lernen|Brennstoffzellen?|Wärmepumpen?|Photovoltaik|digitaler Zwilling|intelligence artificielle|apprentissage automatique|pile à combustible|inteligencia artificial|aprendizaje automático|energía solar|SCADA|ERP|CRM|SAP S/4HANA|SAP"],
  ["MATERIAL", .65, "stainless steel|carbon steel|steel|aluminium|aluminum|copper|titanium|concrete|rubber|glass fibre|glass fiber|carbon fib(?:re|er)|polyethylene|polypropylene|PVC|lithium|cobalt|nickel|graphite|hydrogen|natural gas|crude oil|silicon|ceramics?|brass|bronze|cast iron|Edelstahl|Stahl|Kupfer|Aluminium|Titan|Beton|Gummi|Wasserstoff|Erdgas|Gusseisen|Messing|Kunststoff|acier inoxydable|acier|cuivre|béton|hydrogène|verre|acero inoxidable|acero|cobre|hormigón|hidrógeno|aluminio|vidrio"],
  ["PROCESS", .6, "quality assurance|quality control|risk assessment|due diligence|supply chain management|commissioning|electrolysis|desalination|injection moulding|heat treatment|final inspection|incident response|change management|Qualitätssicherung|Qualitätskontrolle|Inbetriebnahme|Endprüfung|Elektrolyse|Entsalzung|Risikobewertung|contrôle qualité|mise en service|control de calidad|puesta en marcha"],
];
const patterns = lists.map(([type, confidence, words]) => [new RegExp(`${edge.before}(?:${words})${edge.after}`, type === "TECHNOLOGY" ? "gu" : "gu"), type, confidence] as const);

/** Technologies, materials and processes that have settled names. */
export const findTerms = (text: string): Piece[] => patterns.flatMap(([pattern, type, confidence]) => matches(text, pattern, type, confidence));
