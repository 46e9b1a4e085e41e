import { isAreaCodeNamed } from './area.codes.js';
import { isDialCodeNamed, targetNamed } from './heading.words.js';
import { plainWords } from './plain.words.js';

/** Codes that may be written in digits: of places, of taxes, of people and things. */
const CODES =
  /\b(?:plz|postleitzahl|zip|(?:postal|post|zip|pin) ?code|area code|code ?postal|codigo ?postal|codice postale|kod pocztowy|posta kodu|postnummer|eircode|cep|cp|cnpj|cpf|rg|nif|nie|cif|dni|nit|rut|rfc|cuit|curp|ssn|ein|ust id|ustid|steuernummer|tax (?:id|number|no)|(?:steuer|st|ust) ?(?:id|idnr|nr|nummer|identifikationsnummer)(?: nr)?|umsatzsteuer id(?: ?nr)?|ustidnr|(?:numero de )?contribuinte|nipc|cuil|ruc|rif|rnc|siren|siret|rcs|code (?:ape|naf)|(?:numero |no? )?tva(?: intracommunautaire)?(?= ?\d*$)|partita iva|p iva|codice fiscale|inscricao (?:estadual|municipal)|gst(?:in| (?:id|no|number))|abn|cvr|bsn|pesel|personnummer|org(?:anisasjons)? ?(?:nr|nummer)|handelsregister|hrb|(?:company )?registration (?:no|number)|passport|national id|cedula|vat(?: (?:id|number|no|nr|reg no))?(?= ?\d*$)|iban|bic|swift|blz|kontonummer|account number|sku|ean|gtin|upc|isbn|imei|barcode|artikelnummer)\b|^cap$/;

/** Who or what is numbered, in the languages that headings are known in. */
const NUMBERED =
  '(?:acct|account|customer|client|cust|member|membership|contract|policy|order|invoice|vendor|supplier|dealer|store|employee|conto|konto|kunden?|klant|kund|debitor(?:en)?|kreditor(?:en)?|vertrags?|rechnungs?|auftrags?|mitglieds?|personal|clientes?|cliente|contrato|contratto|contrat|pedido|socio|proveedor|fornecedor|fattura|factura|fatura|commande|kontrakt|umowy|klienta|musteri|vergi|sozlesme|kv ?k|btw|договора?|клиента)';
const NUMBER = '(?:code|codigo|codice|cod|kod|kodu|no|nr|num|numb?er|numero|nummer|nro|numarasi|id|numer|номер|код)';
const OF = '(?:de |do |da |del |di |du |d |of )?';

const NUMBERS = new RegExp(
  [
    `(?<!\\p{L})${NUMBERED} ?${NUMBER}$`,
    `(?<!\\p{L})(?:${NUMBER}|n) ${OF}${NUMBERED}(?!\\p{L})`,
    // One word of German, Dutch and the North: `Kundennummer`, `Kontraktnr`.
    '(?<!\\p{L})\\p{L}{3,}(?:nummer|nr)(?!\\p{L})',
    // `Kd.-Nr.`, `C.P.`, `Zip5`
    '(?<!\\p{L})(?:kd|rg|vtr|art|ref) (?:nr|no|nummer)(?!\\p{L})',
    '^(?:c p|acct|kv ?k|matricula|matricola|matricule|siret|siren|nip|regon|ogrn|инн|огрн)$',
    '(?<!\\p{L})zip ?(?:4|5|plus 4)(?!\\p{L})',
    // What has points and is no number: `CONFIRM_IP`, `OS version`. Of `2.10` a number would make 2.1.
    '(?<!\\p{L})ip(?: ?(?:adresse|address|addr|v ?[46]))?$',
    '(?<!\\p{L})(?:(?:software|app|os|firmware|browser|client|api)?version|versao|versione|firmware|build)$',
  ].join('|'),
  'u',
);
/** What counts or pays those that would be numbered. */
const FIGURES = /\b(?:number of|no of|count|anzahl|total|amount|balance|value|saldo)\b/;

/** By what programs know things: `Campaign ID`, `Lead Owner.id`, `ad_id`. */
const ID = /(?:^| )(?:id|ids|uuid|guid)$/;

/** Whether a heading says that its column holds codes, or numbers by which somebody or something is known: text, though of digits. */
export function codeNamed(heading: string): boolean {
  const words = plainWords(heading);
  if (CODES.test(words) || isDialCodeNamed(heading) || isAreaCodeNamed(heading)) return true;
  if (FIGURES.test(words)) return false;
  return NUMBERS.test(words) || ID.test(words) || targetNamed(heading) === 'external_id';
}
