import { plainWords } from '../plan/plain.words.js';

/** What columns of other tables than lists of people are called, whole. */
const WORDS = [
  ...['sku', 'item', 'items', 'product', 'products', 'product name', 'article', 'title', 'price', 'unit price', 'cost'],
  ...['stock', 'inventory', 'quantity', 'qty', 'unit', 'units', 'invoice', 'invoice no', 'invoice number', 'order'],
  ...['order no', 'order number', 'order id', 'date', 'due date', 'amount', 'total', 'subtotal', 'sum', 'tax', 'vat'],
  ...[
    'discount',
    'balance',
    'paid',
    'status',
    'description',
    'category',
    'month',
    'year',
    'quarter',
    'count',
    'number',
  ],
  ...['currency', 'metric', 'value', 'percent', 'percentage', 'revenue', 'budget', 'type', 'code', 'legend', 'meaning'],
  ...['artikel', 'artikelnummer', 'produkt', 'produkte', 'bezeichnung', 'titel', 'preis', 'einzelpreis', 'bestand'],
  ...['lager', 'menge', 'stuck', 'einheit', 'rechnung', 'rechnungsnummer', 'bestellung', 'datum', 'summe', 'gesamt'],
  ...['steuer', 'mwst', 'rabatt', 'beschreibung', 'kategorie', 'monat', 'jahr', 'anzahl', 'wahrung', 'umsatz', 'typ'],
  ...['bedeutung', 'producto', 'articulo', 'titulo', 'precio', 'cantidad', 'existencias', 'factura', 'pedido', 'fecha'],
  ...['importe', 'impuesto', 'descuento', 'saldo', 'descripcion', 'mes', 'ano', 'moneda', 'tipo', 'produto', 'artigo'],
  ...[
    'preco',
    'quantidade',
    'estoque',
    'fatura',
    'nota fiscal',
    'imposto',
    'desconto',
    'descricao',
    'moeda',
    'situacao',
  ],
  ...['produit', 'article', 'titre', 'prix', 'quantite', 'stocks', 'facture', 'commande', 'montant', 'taxe', 'remise'],
  ...['solde', 'mois', 'annee', 'devise', 'statut', 'prodotto', 'articolo', 'titolo', 'prezzo', 'quantita', 'fattura'],
  ...['ordine', 'importo', 'sconto', 'descrizione', 'mese', 'anno', 'valuta', 'stato', 'prijs', 'aantal', 'voorraad'],
  ...['factuur', 'bestelling', 'bedrag', 'omschrijving', 'cena', 'ilosc', 'kwota', 'faktura', 'zamowienie', 'opis'],
  ...['urun', 'fiyat', 'miktar', 'stok', 'fatura', 'tarih', 'tutar', 'toplam', 'aciklama', 'durum'],
  ...['товар', 'артикул', 'цена', 'количество', 'остаток', 'счет', 'дата', 'сумма', 'статус', 'описание'],
];
const TABLE_WORDS: ReadonlySet<string> = new Set(WORDS.map(plainWords));

/** Whether a cell is, whole, what columns of products, invoices, orders or sums are called. */
export function isTableWord(cell: string): boolean {
  return TABLE_WORDS.has(plainWords(cell));
}
