import { type ProposalContext, proposed } from './mapping.proposal.js';

const context: ProposalContext = {
  fields: [],
  mayAddFields: true,
  whole: true,
  currency: 'EUR',
  country: 'PT',
  isStage: () => false,
  isOwner: () => false,
};

/** The targets of the columns of a list, a custom field by its kind. */
async function targetsOf(list: string, country: string): Promise<Record<string, string>> {
  const [names = [], ...rows] = list.split(' / ').map((row) => row.split(';'));
  const columns = names.map((name, at) => ({ name, cells: rows.map((row) => row[at] ?? '').filter(Boolean) }));
  const { mapping, kinds } = await proposed(columns, { ...context, country });
  const shown = ([name, target]: [string, string]): [string, string] => [
    name,
    target.startsWith('custom_fields.') ? (kinds[target.slice('custom_fields.'.length)] ?? target) : target,
  ];
  return Object.fromEntries([...mapping].map(shown));
}

describe('a column that may be whoever stands there, or by what that one is reached', () => {
  it.each([
    ['Cliente;Contacto / João Sá;912345678 / Ana Só;913456789', 'PT', 'contact_name,phone'],
    ['Customer,Contact / Jane Roe,212-555-0143 / Al Bo,305-555-0188'.replaceAll(',', ';'), 'US', 'contact_name,phone'],
    ['Kunde;Kontakt / Eva Groß;0171 1234567 / Bo Klein;030 1234567', 'DE', 'contact_name,phone'],
    ['Cliente;Contato / Ana Lima;(11) 98765-4321 / Rui Sá;(21) 98765-1234', 'BR', 'contact_name,phone'],
    ['Client;Coordonnées / Léa Roy;06 12 34 56 78', 'FR', 'contact_name,phone'],
    ['Cliente;Recapito / Ada Neri;347 123 4567', 'IT', 'contact_name,phone'],
    ['Empresa;Contacto / Loja A;912345678', 'PT', 'company,phone'],
    ['Nome;Contacto / João;912345678 / Ana;913456789', 'PT', 'contact_name,phone'],
    ['Nome;N.º de contacto / João;912345678', 'PT', 'contact_name,phone'],
    ['Nome;Número de contacto / João;912345678', 'PT', 'contact_name,phone'],
    ['Nome;Contacto telefónico / João;912345678', 'PT', 'contact_name,phone'],
    ['Nome;Telem. / João;912345678', 'PT', 'contact_name,phone'],
    ['Name;Contact no. / Jane;2125550143', 'US', 'contact_name,phone'],
    ['Name;Contact details / Jane;2125550143', 'US', 'contact_name,phone'],
    ['Name;Kontaktdaten / Eva;0171 1234567', 'DE', 'contact_name,phone'],
    ['Name;Kontakt-Nr. / Eva;0171 1234567', 'DE', 'contact_name,phone'],
    ['Имя;Контакт / Анна;+7 912 345-67-89', 'RU', 'contact_name,phone'],
    ['Vorname;Nachname;Kontakt / Anna;Groß;0171 1234567', 'DE', 'first_name,last_name,phone'],
    ['Nombre;Contacto;Ciudad / Juan;600112233;Vigo', 'ES', 'contact_name,phone,city'],
    // Of another country, as a list may be.
    ['Nome;Contacto / João;912345678 / Ana;913456789', 'US', 'contact_name,phone'],
    ['Cliente;Contacto / João Sá;a@x.pt / Ana Só;b@x.pt', 'PT', 'contact_name,email'],
    ['Customer;Contact / Jane Roe;a@x.test / Al Bo;b@x.test', 'US', 'contact_name,email'],
    ['Kunde;Kontakt / Eva Groß;a@x.de, b@x.de', 'DE', 'contact_name,email'],
    ['Name;Cliente / João Sá;912345678 / Ana Só;913456789', 'PT', 'contact_name,phone'],
    // What they are beside a column that is as full by its heading alone.
    ['Nome;Telefone;Contacto / João;212345678;912345678', 'PT', 'contact_name,phone,text'],
    ['Nome;Telefone;Contacto / João;;912345678 / Ana;212345678;913456789', 'PT', 'contact_name,phone,phone'],
    ['Name;Email;Kontakt / Eva;a@x.de;b@x.de', 'DE', 'contact_name,email,text'],
    // Names stay names, and numbers of something else are none of either.
    ['Cliente;Contacto / Loja A;João Sá / Loja B;912345678', 'PT', 'company,contact_name'],
    ['Name;Customer / Jane Roe;100234 / Al Bo;100235', 'US', 'contact_name,text'],
    ['Customer;Email / 1002;a@x.test / 1003;b@x.test', 'US', 'number,email'],
    ['Name;Account / Jane Roe;100234 / Al Bo;100235', 'US', 'contact_name,text'],
    ['Name;Contact / Jane Roe;2024-05-03', 'US', 'contact_name,date'],
    ['Comprador;Total / Ana Só;3', 'PT', 'contact_name,number'],
    ['Käufer;Summe / Eva Groß;3', 'DE', 'contact_name,number'],
    ['Lead;Telefone / Ana Só;912345678', 'PT', 'contact_name,phone'],
  ])('is what its cells are for the most part: %s in %s', async (list, country, targets) => {
    const named = Object.entries(await targetsOf(list, country));
    const order = (list.split(' / ')[0] ?? '').split(';');
    expect(
      named
        .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
        .map(([, target]) => target)
        .join(),
    ).toBe(targets);
  });

  it('says why it is not what its heading says', async () => {
    const columns = [
      { name: 'Nome', cells: ['João'] },
      { name: 'Telefone', cells: ['212345678'] },
      { name: 'Contacto', cells: ['912345678'] },
    ];
    const { doubts } = await proposed(columns, context);
    expect(doubts.get('Contacto')).toBe(
      'By its heading it is contact_name, but its cells are phone numbers, as another column has them.',
    );
  });
});
