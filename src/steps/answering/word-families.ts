/**
 * Words of one meaning in English, German, French and Spanish that no rule of word formation joins. They let a question find
 * a sentence that says it otherwise or in another language; a line is a meaning, a word stands in one line only.
 */
export const families = `
lead leads leader led head heads headed manage manages manager management boss leiten leitet leiter leiterin leitung führen führt dirige diriger dirigir dirigeant gère gérer chef jefe jefa
make makes made maker manufacture manufacturer manufactured produce produces producer produced build builds built builder hersteller herstellen herstellt hergestellt herstellung produzieren produziert bauen baut gebaut fabrique fabriquer fabriqué fabricant fabricar fabricado fabricante
supply supplies supplied supplier deliver delivers delivered delivery liefern liefert geliefert lieferung lieferant fournir fournit fourniture fournisseur livraison livrer livré suministrar suministra suministro proveedor entrega entregar
cost costs price prices priced kosten kostet kostete gekostet preis preise prix coûte coûter coût precio precios cuesta costar costó
founded founder founders founding established establish gegründet gründen gründete gründer gründerin gründung fonder fondé fondée fondateur fundó fundada fundado fundar fundador
own owns owner owned ownership belong belongs belonged besitzen besitzt besitzer eigentümer gehören gehört inhaber propriétaire posséder possède dueño propietario posee pertenece
buy buys bought purchase purchased kaufen kauft gekauft käufer acheté acheter acheteur comprar compró comprador
acquire acquires acquired acquisition takeover erwerben erworben erwarb übernehmen übernommen rachat adquirir adquirió
sell sells sold sale seller verkaufen verkauft verkauf verkäufer vendre vendu vente vender vendió venta
employee employees employ employs employed staff workforce headcount mitarbeiter mitarbeiterin beschäftigte beschäftigten angestellte salariés effectif empleados plantilla
revenue revenues turnover umsatz umsatzerlöse affaires facturación ingresos
profit profits earnings gewinn überschuss bénéfice bénéfices beneficio beneficios ganancia
end ends ended expire expires expiry terminate terminates termination enden endet endete ende ablauf fin finit termine terminer termina terminan terminar expirer
begin begins began start starts started beginning beginnen beginnt begann beginn anfang début commence commencer comenzar comienza inicio empieza
weight weigh weighs heavy gewicht schwer wiegt wiegen poids pèse peser lourd peso pesa pesar
length länge longueur longitud
height tall höhe hauteur altura
diameter durchmesser diamètre diámetro
power leistung puissance potencia
born birth birthday geboren geburt geburtsdatum né née naissance nacido nacida nacimiento nació
die died dies death dead gestorben starb tod verstorben mort morte décès murió muerte
sign signed signs signature unterschreiben unterschrieb unterschrieben unterzeichnet unterschrift signer signé signée firmar firmado firmó
liable liability haften haftet haftung responsable responsabilité responsabilidad
based headquartered headquarters headquarter seat located location situated sitz ansässig gelegen siège situé située basé basée sede ubicado ubicada
fail fails failed failure break broke broken fault ausfall ausgefallen ausfallen versagt versagen defekt panne défaillance fallo falló avería
cause causes caused because reason reasons ursache verursacht verursachte grund anlass weil raison causé causó razón
contract contracts agreement agreements vertrag verträge vereinbarung accord contrat contrato acuerdo
customer customers client clients kunde kunden cliente clientes
meeting meetings sitzung besprechung réunion reunión
subsidiary subsidiaries tochtergesellschaft tochterunternehmen filiale filiales filial filiales
plant factory werk fabrik usine planta fábrica
test tests tested testing prüfen prüft prüfung geprüft essai prueba
repair repairs repaired reparatur reparieren repariert réparation réparer reparación
certify certified certificate certification zertifiziert zertifikat zertifizierung certifié certificado
standard standards norm normen norme normes norma normas
report reports reported bericht berichtet rapport informe
order orders ordered bestellen bestellt bestellung auftrag commande commandes commander commandé pedido pedidos
pay pays paid payment zahlen zahlt gezahlt zahlung bezahlt payer payé paie paiement pagar paga pagó pago
salary wage wages gehalt lohn salaire salario sueldo
invoice invoices bill rechnung rechnungen facture factures factura
rise rises rose risen increase increased grow grew growth steigen stieg gestiegen anstieg zunahme wachstum augmenté hausse aumentó aumento
fall falls fell fallen decrease decreased decline declined drop dropped sinken sank gesunken fiel rückgang baisse baissé cayó caída
expect expects expected forecast outlook erwarten erwartet erwartung prognose prévoit prévision prevé previsión
marry married marriage wife husband spouse verheiratet ehefrau ehemann heiratete épouse épousé mari casado casada esposa esposo
write writes wrote written writer author schreiben schrieb geschrieben autor autorin écrit écrire auteur escribió escribir
find finds detected discover discovered finden gefunden festgestellt trouvé trouver encontró encontrado
operate operates operated operator betreiben betreibt betreiber betrieben exploite exploitant exploité opera operador
maintain maintains maintenance wartung warten gewartet wartet entretien mantenimiento
penalty fine zwangsgeld bußgeld geldstrafe strafe amende multa
standstill stoppage stop stopped stillstand stand
chief head chefin geschäftsführer geschäftsführerin vorstandsvorsitzende
`.trim().split("\n").map((line) => line.split(" "));

/** Forms that no ending explains, and the word they are forms of. */
export const irregular: Record<string, string> = Object.fromEntries(
  (
    "became:become begun:begin bought:buy brought:bring came:come chose:choose chosen:choose cut:cut did:do done:do drew:draw drawn:draw drove:drive driven:drive ate:eat felt:feel fought:fight found:find flew:fly flown:fly forgot:forget " +
    "gave:give given:give went:go gone:go heard:hear held:hold kept:keep knew:know known:know laid:lay left:leave lent:lend lost:lose loss:lose meant:mean met:meet ran:run said:say saw:see seen:see sent:send shot:shoot shown:show sang:sing sung:sing " +
    "slept:sleep spoke:speak spoken:speak spent:spend stood:stand stole:steal stolen:steal swam:swim taught:teach told:tell thought:think threw:throw thrown:throw took:take taken:take understood:understand won:win wore:wear worn:wear " +
    "choice:choose decision:decide died:die dying:die lies:lie lay:lie analysis:analyse children:child men:man women:woman people:person wives:wife " +
    "ging:gehen gegangen:gehen kam:kommen gekommen:kommen gab:geben gegeben:geben nahm:nehmen genommen:nehmen lag:liegen gelegen:liegen ließ:lassen gelassen:lassen sprach:sprechen gesprochen:sprechen trat:treten getreten:treten tritt:treten " +
    "traf:treffen getroffen:treffen hielt:halten gehalten:halten zog:ziehen gezogen:ziehen schloss:schließen geschlossen:schließen verlor:verlieren verloren:verlieren brach:brechen gebrochen:brechen wuchs:wachsen gewachsen:wachsen " +
    "vorgeschrieben:vorschreiben galt:gelten gilt:gelten gegolten:gelten gewann:gewinnen gewonnen:gewinnen half:helfen geholfen:helfen blieb:bleiben geblieben:bleiben fuhr:fahren gefahren:fahren trug:tragen getragen:tragen"
  )
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

/** Numbers that are written as words. `ein`, `un` and `one` are articles or pronouns more often than numbers. */
export const numberWords: Record<string, string> = Object.fromEntries(
  [
    "two three four five six seven eight nine ten eleven twelve",
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "deux trois quatre cinq six sept huit neuf dix onze douze",
    "dos tres cuatro cinco seis siete ocho nueve diez once doce",
  ].flatMap((line) => line.split(" ").map((word, index): [string, string] => [word, String(index + 2)])),
);

/** Months in the four languages, by number. */
export const months: Record<string, string> = Object.fromEntries(
  [
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  ].flatMap((line) => line.split(" ").map((word, index): [string, string] => [word, `month${index + 1}`])),
);
