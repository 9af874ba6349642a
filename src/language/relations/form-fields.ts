/** What a field or column says, by its label. */
export const roles: [string, RegExp][] = [
  ["employer", /^(?:employer|company|firm|organi[sz]ation|Arbeitgeber(?:in)?|Firma|Unternehmen|employeur|entreprise|société|empleador|empresa)$/iu],
  ["employee", /^(?:employee|employee name|Mitarbeiter(?:in)?|Arbeitnehmer(?:in)?|salariée?|empleado|empleada|trabajador)$/iu],
  ["contact", /^(?:contact|contact person|account manager|Ansprechpartner(?:in)?|Kontakt|interlocuteur|persona de contacto|contacto)$/iu],
  ["supplier", /^(?:supplier|vendor|seller|contractor|provider|licensor|processor|Lieferant(?:in)?|Verkäufer(?:in)?|Auftragnehmer(?:in)?|fournisseur|vendeur|prestataire|proveedor|vendedor|contratista)$/iu],
  ["customer", /^(?:customer|client|buyer|purchaser|licensee|controller|Kunde|Kundin|Käufer(?:in)?|Auftraggeber(?:in)?|cliente|acheteur|comprador)$/iu],
  ["maker", /^(?:manufacturer|maker|producer|made by|Hersteller(?:in)?|fabricante?|fabricant|producteur|productor)$/iu],
  ["product", /^(?:product|product name|item|article|model|part|spare part|component|goods|Produkt|Teil|Ersatzteil|Bauteil|Ware|Artikel|Modell|Gerät|produit|modèle|producto|artículo|modelo)$/iu],
  ["manager", /^(?:manager|line manager|supervisor|reports to|Vorgesetzte[rn]?|Führungskraft|superviseur|superior)$/iu],
  ["lead", /^(?:project lead|project manager|lead|head|managing director|CEO|director|responsible|owner|Projektleit(?:er|erin|ung)|Leit(?:er|erin|ung)|Geschäftsführ(?:er|erin|ung)|verantwortlich|chef de projet|responsable|directeur|jefe de proyecto|director)$/iu],
  ["project", /^(?:project|Projekt|projet|proyecto)$/iu],
  ["place", /^(?:location|site|headquarters|registered office|city|plant|place of production|made in|origin|Standort|Sitz|Ort|Werk|lieu|siège|ville|ubicación|sede|ciudad|lugar)$/iu],
  ["author", /^(?:author|written by|prepared by|Autor(?:in)?|Verfasser(?:in)?|auteur|autor)$/iu],
  ["document", /^(?:document|title|report|Dokument|Titel|titre|título)$/iu],
  ["material", /^(?:material|materials|Material|Werkstoff|matériau|matière|material)$/iu],
  ["standard", /^(?:standard|standards|certification|norm|Norm|Normen|Zertifizierung|norme|norma)$/iu],
  ["price", /^(?:price|unit price|list price|price per unit|net price|Preis|Listenpreis|Stückpreis|prix|precio|price \(?[A-Z]{3}\)?|Preis \(?[A-Z]{3}\)?)$/iu],
  ["part", /^(?:part of|parent|parent company|group|Muttergesellschaft|Konzern|société mère|matriz)$/iu],
  ["user", /^(?:uses|technology|technologies|components|Komponenten?|Technologie)$/iu],
  ["whole", /^(?:fits|fits in|for model|for machine|suitable for|compatible with|used in|passt zu|passend für|geeignet für|compatible avec|compatible con)$/iu],
  ["sender", /^(?:from|sender|Von|Absender(?:in)?|de|expéditeur|remitente)$/iu],
  ["recipient", /^(?:to|recipient|An|Empfänger(?:in)?|à|destinataire|para|destinatario)$/iu],
];

/** Between two fields of one form or row: who stands where, the relation, and from which to which. */
export const pairs: [string, string, string, number][] = [
  ["employer", "EMPLOYS", "employee", 9],
  ["employer", "EMPLOYS", "contact", 7],
  ["supplier", "EMPLOYS", "contact", 7],
  ["supplier", "ASSOCIATED_WITH", "customer", 8],
  ["supplier", "ASSOCIATED_WITH", "product", 7],
  ["maker", "CREATES", "product", 8],
  ["manager", "MANAGES", "employee", 8],
  ["lead", "MANAGES", "project", 8],
  ["lead", "MANAGES", "employer", 7],
  ["employer", "LOCATED_IN", "place", 7],
  ["supplier", "LOCATED_IN", "place", 6],
  ["maker", "LOCATED_IN", "place", 6],
  ["author", "CREATES", "document", 7],
  ["product", "CONTAINS", "material", 7],
  ["product", "IMPLEMENTS", "standard", 7],
  ["product", "USES", "user", 6],
  ["product", "ASSOCIATED_WITH", "price", 5],
  ["employer", "PART_OF", "part", 7],
  ["product", "PART_OF", "whole", 6],
  ["sender", "ASSOCIATED_WITH", "recipient", 5],
];

/** Types that may stand in a field. */
export const typesOf: Record<string, string[]> = {
  employer: ["ORGANIZATION"], supplier: ["ORGANIZATION", "PERSON"], customer: ["ORGANIZATION", "PERSON"], maker: ["ORGANIZATION"], part: ["ORGANIZATION"],
  employee: ["PERSON"], contact: ["PERSON"], manager: ["PERSON"], lead: ["PERSON"], author: ["PERSON", "ORGANIZATION"], place: ["LOCATION"], price: ["QUANTITY"],
  standard: ["REGULATION"], material: ["MATERIAL"], product: ["PRODUCT", "TECHNOLOGY", "MATERIAL", "CONCEPT"], whole: ["PRODUCT", "TECHNOLOGY"],
  sender: ["PERSON", "ORGANIZATION"], recipient: ["PERSON", "ORGANIZATION"],
};

/** A column that only counts or numbers the rows: what a row is about stands in the next. */
export const identifier = /^(?:#|id|code|sku|no\.?|nr\.?|n[°º]|ref\.?|pos\.?|position|line|(?:part|item|article|product|order|model|serial|catalogue|customer|employee|Artikel|Teile|Bestell|Produkt|Material|Positions|Kunden|Personal)[ -]?(?:no\.?|nr\.?|number|code|id|nummer|n[°º]))$/iu;
