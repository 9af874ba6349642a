export interface Listed {
  name: string;
  type: string;
}

/** What the words before a name say of it and an earlier one; `turned` when the name is the source. */
export interface Verb {
  words: RegExp;
  type: string;
  turned?: boolean;
  /** Only between neighbours. */
  near?: boolean;
  from?: string[];
  to?: string[];
  strength: number;
}

const organisation = ["ORGANIZATION"];
const actor = ["ORGANIZATION", "PERSON"];
const made = ["PRODUCT", "TECHNOLOGY", "MATERIAL", "DOCUMENT"];
const thing = ["PRODUCT", "TECHNOLOGY", "LOCATION", "ORGANIZATION"];

/** In the order they are tried. */
export const verbs: Verb[] = [
  { words: /\b(?:owned by|acquired by|belongs to|subsidiary of|gehört zu[rm]?|Tochter(?:gesellschaft|unternehmen)? de[rs])\b/i, type: "OWNS", turned: true, to: actor, strength: 9 },
  { words: /\b(?:owns|acquired|bought|holds|besitzt|übernahm)\b/i, type: "OWNS", from: actor, to: [...organisation, "PRODUCT"], strength: 9 },
  { words: /\b(?:founded by|gegründet von)\b/i, type: "FOUNDED_BY", from: organisation, to: actor, strength: 9 },
  { words: /\b(?:managed by|operated by|led by|headed by|run by|supervisor is|geleitet von)\b/i, type: "MANAGES", turned: true, to: actor, strength: 8 },
  { words: /\b(?:manages|leads|heads|leitet|chief executive of|managing director of|head of)\b/i, type: "MANAGES", from: ["PERSON"], strength: 8 },
  { words: /\b(?:works (?:for|at)|employed (?:by|at)|joined|arbeitet (?:bei|für))\b/i, type: "EMPLOYS", turned: true, from: ["PERSON"], to: organisation, strength: 8 },
  { words: /\b(?:employs|hired|beschäftigt)\b/i, type: "EMPLOYS", from: organisation, to: ["PERSON"], strength: 8 },
  { words: /\b(?:caused by|due to|because of|verursacht durch)\b/i, type: "CAUSES", turned: true, strength: 8 },
  { words: /\b(?:caused|causes|led to|resulted in|verursachte|führte zu)\b/i, type: "CAUSES", strength: 8 },
  { words: /\b(?:made by|built by|produced by|supplied by|developed by|designed by|hergestellt von|geliefert von)\b/i, type: "CREATES", turned: true, from: made, to: actor, strength: 8 },
  { words: /^\s*(?:from|von)\s*$/i, type: "CREATES", turned: true, near: true, from: ["PRODUCT"], to: organisation, strength: 7 },
  { words: /\b(?:makes|builds|produces|manufactures|created|develops|developed|supplies|designed|stellt|baut|fertigt)\b/i, type: "CREATES", from: actor, to: made, strength: 8 },
  { words: /^\s*,\s*$/, type: "LOCATED_IN", near: true, from: ["LOCATION", "ORGANIZATION"], to: ["LOCATION"], strength: 6 },
  { words: /\b(?:based in|located in|headquartered in|mit Sitz in|befindet sich in)\s*$/i, type: "LOCATED_IN", from: [...organisation, "LOCATION"], to: ["LOCATION"], strength: 8 },
  { words: /\b(?:in|of|near|at)\s*(?:the )?$/, type: "LOCATED_IN", near: true, from: ["ORGANIZATION", "LOCATION", "EVENT"], to: ["LOCATION"], strength: 6 },
  { words: /\b(?:parts? of|Teil (?:von|de[rs]))\b/i, type: "PART_OF", strength: 7 },
  { words: /\b(?:contains|comprises|consists of|enthält|umfasst)\b/i, type: "CONTAINS", strength: 7 },
  { words: /\b(?:complies with|comply with|certified to|implements|meets|limits of)\b/i, type: "IMPLEMENTS", to: ["REGULATION"], from: thing, strength: 7 },
  { words: /\b(?:uses|gets|runs on|operates|is fitted with|verwendet|nutzt)\b/i, type: "USES", from: ["PRODUCT", "TECHNOLOGY", "ORGANIZATION"], strength: 7 },
  { words: /\b(?:requires|needs|benötigt|erfordert|verlangt)\b/i, type: "REQUIRES", strength: 7 },
  { words: /\b(?:depends on|relies on|abhängig von)\b/i, type: "DEPENDS_ON", strength: 7 },
  { words: /\b(?:follow|follows|followed|succeeded|folgt auf)\b/i, type: "FOLLOWS", from: ["PRODUCT", "EVENT", "PROCESS"], to: ["PRODUCT", "EVENT", "PROCESS"], strength: 6 },
  { words: /\b(?:together with|agreed with|contract with|partner of|works with)\b|^[^.]{0,60}\band\s*$/i, type: "ASSOCIATED_WITH", from: organisation, to: organisation, strength: 5 },
];
