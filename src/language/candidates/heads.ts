/** What the last (or first) word of a capitalised name says it is. */
export const lastWords: Record<string, string> = {
  LOCATION: "River|Lake|Mountain|Mountains|Island|Islands|Bay|County|Valley|Park|Airport|Station|Bridge|Province|District|Peninsula|Beach|Castle|Hill|Hills|Sea|Ocean|Desert|Forest|Canyon|Falls|Creek|Coast|Harbor|Harbour|Parish|Township|Territory|Stadium|Arena|Cathedral|Palace|Tower|Plaza|Canal|Reservoir|Dam|Highway|Isles|Basin|Borough|Temple|Abbey|Gulf|Strait|Glacier|Plateau|Firth|Sound|Fjord|Loch|Glen|Moor|Array|Plant|Factory|Farm|Depot|Refinery|Mine|Dock|Pier|Quay|Shipyard|Warehouse|Observatory|Republic|Kingdom|Empire",
  EVENT: "Championship|Championships|Cup|Olympics|Games|War|Wars|Battle|Festival|Summit|Conference|Election|Elections|Revolution|Fair|Expo|Tournament|Prix|Bowl|Uprising|Rebellion|Massacre|Crisis|Strike|Earthquake|Hurricane|Contest|Ceremony|Symposium|Congress|Workshop|Marathon|Derby|Playoffs|Messe|Kongress|Konferenz",
  ORGANIZATION: "Records|Pictures|Studios|Entertainment|Airlines|Airways|Motors|Systems|Technologies|Software|Press|Orchestra|Band|Ensemble|Union|League|Club|Team|FC|Broadcasting|Network|Networks|Industries|Partners|Consulting|Bank|Insurance|Energy|Pharmaceuticals|Laboratories|Brothers|Productions|Publishing|Newspapers|Army|Navy|Force|Police|Government|Parliament|Senate|Commission|Authority|Board|Administration|Organization|Organisation|Trust|Fund|Alliance|Academy|Conservatory|Seminary|Observatory|Gallery|Library|Theatre|Theater|Ballet|Opera|Logistics|Analytics|Solutions|Holdings|Ventures|Capital|Chapter|Order|Regiment|Division|Squadron|Brigade|Battalion|Corps",
  REGULATION: "Act|Directive|Regulation|Treaty|Convention|Code|Constitution|Accord|Accords|Protocol|Amendment|Bill",
  DOCUMENT: "Agreement|Contract|Report|Memorandum|Policy|Manual|Handbook|Charter|Declaration|Minutes",
  CONCEPT: "Award|Awards|Prize|Medal|Theory|Theorem|Law|Effect|Syndrome|Movement|Style|Language|Languages|Series|Saga|Trilogy|Symphony|Sonata|Concerto|Album",
};
export const firstWords: Record<string, string> = {
  LOCATION: "Lake|Mount|Cape|Fort|Port|San|Santa|Saint|St|New|North|South|East|West|Northern|Southern|Eastern|Western|Upper|Lower|Greater|Rio|Isle|Gulf|Republic|River|Bay",
  EVENT: "Battle|Siege|Treaty|Operation|Hurricane|Festival",
  ORGANIZATION: "University|Bank|Ministry|Department|FC|AC|AS|Real|Church|Academy|Museum|Institute|House|Royal",
  CONCEPT: "Project|Projekt",
  PRODUCT: "MV|SS|HMS|USS|RMS|RV",
};

/** What a noun behind "is a", or beside a name, says it is. */
export const definingNouns: Record<string, string> = {
  LOCATION: "city|town|village|river|county|country|municipality|lake|island|mountain|commune|district|region|suburb|neighbou?rhood|province|state|airport|station|peninsula|area|community|settlement|park|valley|hamlet|borough|parish|stadium|building|hotel|castle|bridge|street|road|highway|township|capital|census-designated place|Stadt|Gemeinde|Dorf|Fluss|Insel|ville|village|ciudad|pueblo|río",
  ORGANIZATION: "company|band|team|club|university|organi[sz]ation|group|party|newspaper|label|school|agency|airline|firm|corporation|manufacturer|retailer|bank|college|institute|institution|association|supplier|subsidiary|publisher|network|channel|station|orchestra|duo|trio|quartet|franchise|league|chain|brand|museum|charity|hospital|church|think tank|startup|start-up|provider|developer|studio|Unternehmen|Gesellschaft|Firma|Verein|Hersteller|Tochtergesellschaft|entreprise|société|empresa|compañía",
  PERSON: "actor|actress|singer|politician|footballer|player|writer|author|director|composer|musician|journalist|artist|painter|poet|lawyer|scientist|physicist|engineer|businessman|businesswoman|entrepreneur|king|queen|prince|princess|emperor|novelist|producer|screenwriter|comedian|rapper|guitarist|drummer|model|boxer|wrestler|coach|cyclist|swimmer|philosopher|historian|economist|general|officer|bishop|songwriter|filmmaker|presenter|columnist|cricketer|driver|inventor|photographer|mathematician|professor|activist|dancer|architect|soldier|missionary|Politiker(?:in)?|Schauspieler(?:in)?|Ingenieur(?:in)?|chanteur|acteur|actrice|homme politique|actor|cantante|político",
  CONCEPT: "film|album|song|novel|book|series|game|magazine|opera|single|sitcom|play|musical|poem|painting|documentary|episode|comic|manga|anime|soundtrack|EP|journal|drama|comedy|show|species|genus|plant|breed|dish|drink|cheese|language|sport|award|genre|theory|concept|character|compilation|story|symphony|sonata|video game|program(?:me)?|project",
  PRODUCT: "car|aircraft|ship|device|pump|rifle|locomotive|engine|airliner|motorcycle|truck|smartphone|console|submarine|destroyer|frigate|tank|helicopter|turbine|sensor|vehicle",
  TECHNOLOGY: "software|framework|protocol|programming language|operating system|library|database|algorithm|standard|file format",
  EVENT: "battle|war|tournament|election|festival|conference|competition|championship|race|match|earthquake|hurricane|tornado|outbreak|strike|event|summit|ceremony|season",
  REGULATION: "law|act|treaty|regulation|statute|directive",
};
export type Lexicon = Map<string, string>;
export const lexicon = (entries: Record<string, string>): Lexicon => new Map(Object.entries(entries).flatMap(([type, words]) => words.split("|").map((word) => [word, type] as const)));
