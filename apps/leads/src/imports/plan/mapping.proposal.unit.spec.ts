import { type ProposalContext, proposed } from './mapping.proposal.js';

const context: ProposalContext = {
  fields: [],
  mayAddFields: true,
  whole: true,
  currency: 'USD',
  country: 'US',
  isStage: () => false,
  isOwner: () => false,
};

/** What a column is proposed as, beside one of names: a target, or the kind of its custom field. */
async function found(name: string, cells: readonly string[], more: Partial<ProposalContext> = {}): Promise<string> {
  const columns = [
    { name: 'Name', cells: ['Ana'] },
    { name, cells },
  ];
  const { mapping, kinds } = await proposed(columns, { ...context, ...more });
  const target = mapping.get(name) ?? 'nothing';
  return target.startsWith('custom_fields.') ? (kinds[target.slice('custom_fields.'.length)] ?? target) : target;
}

/** The targets of columns, by heading. */
async function targetsOf(columns: Readonly<Record<string, readonly string[]>>): Promise<Record<string, string>> {
  const { mapping } = await proposed(
    Object.entries(columns).map(([name, cells]) => ({ name, cells })),
    context,
  );
  return Object.fromEntries(mapping);
}

describe('people of whom several are in each row', () => {
  const cellOf = (heading: string): string =>
    /mail/i.test(heading) ? 'a@x.test' : /phone|tel/i.test(heading) ? '2125550199' : 'Al Bo';
  /** What fills the fields of the lead, by field. */
  const filled = async (headings: string, cells: Readonly<Record<string, string[]>> = {}): Promise<object> => {
    const names = headings.split(',');
    const targets = await targetsOf(Object.fromEntries(names.map((name) => [name, cells[name] ?? [cellOf(name)]])));
    return Object.fromEntries(
      Object.entries(targets).flatMap(([name, target]) => (target.startsWith('custom') ? [] : [[target, name]])),
    );
  };

  it.each([
    [
      'Buyer First Name,Buyer Last Name,Attendee First Name,Attendee Last Name,Attendee Email,Buyer Email',
      { first_name: 'Buyer First Name', last_name: 'Buyer Last Name', email: 'Buyer Email' },
    ],
    [
      'Buyer Name,Buyer Email,Attendee Name,Attendee Email,Attendee Phone',
      { contact_name: 'Attendee Name', email: 'Attendee Email', phone: 'Attendee Phone' },
    ],
    [
      'Tenant Name,Landlord Name,Landlord Email,Tenant Email,Tenant Phone,Landlord Phone',
      { contact_name: 'Tenant Name', email: 'Tenant Email', phone: 'Tenant Phone' },
    ],
    [
      'Billing First Name,Billing Last Name,Billing Email,Shipping First Name,Shipping Last Name,Shipping Phone',
      { first_name: 'Billing First Name', last_name: 'Billing Last Name', email: 'Billing Email' },
    ],
    [
      'Vermieter Name,Vermieter E-Mail,Name Mieter,E-Mail Mieter,Telefon Mieter',
      { contact_name: 'Name Mieter', email: 'E-Mail Mieter', phone: 'Telefon Mieter' },
    ],
    [
      'Agent Name,Agent Email,Client Name,Client Email,Client Phone',
      { contact_name: 'Client Name', email: 'Client Email', phone: 'Client Phone' },
    ],
    ['Parent Name,Parent Email,Student Name', { contact_name: 'Parent Name', email: 'Parent Email' }],
    ['Owner Name,Owner Email', { contact_name: 'Owner Name', email: 'Owner Email' }],
    ['Employee Name,Employee Phone', { contact_name: 'Employee Name', phone: 'Employee Phone' }],
    ['Sender Name,Sender Email,City', { contact_name: 'Sender Name', email: 'Sender Email' }],
    ['Name,Email,Owner Name,Owner Email', { contact_name: 'Name', email: 'Email' }],
    [
      'Nome do interessado,E-mail do interessado,Telefone do interessado',
      { contact_name: 'Nome do interessado', email: 'E-mail do interessado', phone: 'Telefone do interessado' },
    ],
    [
      'Interessent Vorname,Interessent Nachname,Interessent E-Mail,Interessent Telefon',
      {
        first_name: 'Interessent Vorname',
        last_name: 'Interessent Nachname',
        email: 'Interessent E-Mail',
        phone: 'Interessent Telefon',
      },
    ],
    [
      'Nombre del interesado,E-mail del interesado',
      { contact_name: 'Nombre del interesado', email: 'E-mail del interesado' },
    ],
    [
      'Student First Name,Student Last Name,Student ID,Parent/Guardian 1 Name,Parent/Guardian 1 Email',
      { contact_name: 'Parent/Guardian 1 Name', email: 'Parent/Guardian 1 Email' },
    ],
    ['Bill To,Bill To Email', { contact_name: 'Bill To', email: 'Bill To Email' }],
    ['Bill To,Bill To Email,Ship To,Ship To Email', { contact_name: 'Bill To', email: 'Bill To Email' }],
    ['Student,Student Email,Parent,Parent Email', { contact_name: 'Student', email: 'Student Email' }],
    ['Member First,Member Last,Email', { first_name: 'Member First', last_name: 'Member Last', email: 'Email' }],
    ['Seen First,Seen Last,Name', { contact_name: 'Name' }],
    ['Donor,Email', { contact_name: 'Donor', email: 'Email' }],
    ['Sócio,Email', { contact_name: 'Sócio', email: 'Email' }],
    ['Subscriber,Email', { contact_name: 'Subscriber', email: 'Email' }],
    ['Subscriber Name,Subscriber Email', { contact_name: 'Subscriber Name', email: 'Subscriber Email' }],
    [
      'Full Name - First Name,Full Name - Last Name,E-mail,Phone Number - Phone Number',
      {
        first_name: 'Full Name - First Name',
        last_name: 'Full Name - Last Name',
        email: 'E-mail',
        phone: 'Phone Number - Phone Number',
      },
    ],
    [
      'Vollständiger Name - Vorname,Vollständiger Name - Nachname,E-Mail',
      { first_name: 'Vollständiger Name - Vorname', last_name: 'Vollständiger Name - Nachname', email: 'E-Mail' },
    ],
    ['Full Name (First),Full Name (Last)', { first_name: 'Full Name (First)', last_name: 'Full Name (Last)' }],
    ['Email,Owner Name,Owner Email', { email: 'Email' }],
    // Who sells, owns or is at hand is not how somebody else is reached.
    ...[
      ...['Agent Email', 'Agent Phone', 'Referrer Email', 'Sales Rep Email', 'Assigned To Email', 'Created By Email'],
      ...['Organizer Email', 'Owner Email', 'Contact Owner Email', 'Listing Agent Email', 'Betreuer E-Mail'],
      ...[
        'E-Mail Verkäufer',
        'Telefon Sachbearbeiter',
        'Email do vendedor',
        'Telefone do corretor',
        'Email del agente',
      ],
    ].map((other): [string, object] => [`Name,${other}`, { contact_name: 'Name' }]),
    ['Buyer,Buyer Phone,Listing Agent,Listing Agent Email', { contact_name: 'Buyer', phone: 'Buyer Phone' }],
    ['Attendee Name,Host Name,Host Email', { contact_name: 'Attendee Name' }],
    ['Account Name,Account Owner,Account Owner Email', { company: 'Account Name' }],
    ['Host Name,Host Email', { contact_name: 'Host Name', email: 'Host Email' }],
    [
      'Account Name,Owner Name,Owner Email',
      { company: 'Account Name', contact_name: 'Owner Name', email: 'Owner Email' },
    ],
    [
      'Attendee #1 Name,Attendee #1 Email,Attendee #2 Name,Attendee #2 Email',
      { contact_name: 'Attendee #1 Name', email: 'Attendee #1 Email' },
    ],
  ])('are not mixed: %s', async (headings, fields) => {
    const { city: _, ...found } = (await filled(headings)) as Record<string, string>;
    expect(found).toEqual(fields);
  });

  it('are not mixed where a column of addresses is called after one of them alone', async () => {
    expect(await filled('Name,Referred by', { 'Referred by': ['a@x.test', 'b@x.test'] })).toEqual({
      contact_name: 'Name',
    });
  });

  it('are the payers of the orders of a shop, whose numbers are no names', async () => {
    const headings = 'Name,Email,Billing Name,Billing Phone,Shipping Name,Shipping Phone,Lineitem name';
    expect(await filled(headings, { Name: ['#1001', '#1002'] })).toEqual({
      contact_name: 'Billing Name',
      email: 'Email',
      phone: 'Billing Phone',
    });
    const columns = [
      { name: 'Name', cells: ['#1001', '#EU-1002'] },
      { name: 'Email', cells: ['a@x.test'] },
    ];
    const { mapping, doubts } = await proposed(columns, context);
    expect([mapping.get('Name'), doubts.get('Name')]).toEqual([
      'custom_fields.name',
      'By its heading it is contact_name, but its cells are numbers of something, and no names.',
    ]);
  });
});

describe('what a column is proposed as', () => {
  it.each([
    ...['C.P.', 'Código cliente', 'Kundnr', 'KvK-nummer', 'Vergi No', 'Kd.-Nr.', 'Acct #', 'Acct', 'Zip5'],
    ...['Contract No.', 'Número de contrato', 'Store ID', 'N° client', 'Vertragsnummer', 'Código do cliente'],
  ])('is a text where its numbers are codes: %s', async (name) => {
    expect(await found(name, ['28001', '1200'])).toBe('text');
  });

  it.each([
    ['Account Phone', '2125550199'],
    ['Emergency Contact Phone', '2125550199'],
    ['Assistant Phone', '2125550199'],
    ['Landlord Phone', '2125550199'],
    ['Fax', '2125550199'],
    ['Telefax', '351987654'],
    ['Durchwahl', '-12'],
    ['Ext.', '204'],
  ])('is a text where its numbers are dialled: %s', async (name, number) => {
    const phone = { name: 'Phone', cells: [number.padEnd(10, '1'), '2125550188'] };
    const { kinds } = await proposed([phone, { name, cells: [number, number] }], context);
    expect(Object.values(kinds)).toEqual(['text']);
  });

  it('is a number where it counts what phones are used for', async () => {
    for (const name of ['Phone calls', 'Mobile visits', 'Number of phones', 'Handys'])
      expect([name, await found(name, ['12', '7'])]).toEqual([name, 'number']);
  });

  it.each(['Number of customers', 'Anzahl Kunden', 'Clients', 'Kunden', 'Order count', 'Account balance'])(
    'is a number where it counts: %s',
    async (name) => {
      expect(await found(name, ['28001', '1200'])).not.toBe('text');
    },
  );

  it.each([
    ['Pedido', ['7012345678901', '12'], 'text'],
    ['Chave', ['1'.repeat(44)], 'text'],
    ['Chave', [`${'1'.repeat(44)} EUR`], 'text'],
    ['Ref', ['+4917112345678'], 'phone'],
    ['Ref', ['12345678901234.50'], 'money'],
    ['Ref', ['123456789012 EUR', '5'], 'money'],
    ['Ref', ['5.123 EUR', '1.123,5 EUR', '$5.1234'], 'text'],
    ['Ref', ['12', '1,200'], 'number'],
    ['Ref', ['12.500,00 €', '-   €'], 'money'],
    ['Ref', ['$1,200.00 USD', '$(250.00)', '$-'], 'money'],
    ['Latitude', ['-23.5505199999999'], 'number'],
    ['Annual Revenue', ['900750000000'], 'money'],
    ['Expected Revenue', ['1200.50'], 'value'],
    ['Ref', ['NULL', '5', 'nan'], 'number'],
    ['Phone', ['NULL', 'NULL', '030 123456'], 'phone'],
  ])('is by its digits no money that nothing shows: %s of %j is %s', async (name, cells, kind) => {
    expect(await found(name, cells)).toBe(kind);
  });

  it.each([
    ['Umsatz (€)', ['1200', '80.50'], 'money'],
    ['Revenue (USD)', ['1200'], 'money'],
    ['Budget in EUR', ['1200'], 'money'],
    ['Kosten €', ['12'], 'money'],
    ['Umsatz (kr)', ['1200'], 'number'],
    ['Umsatz %', ['12'], 'number'],
    ['Members (ALL)', ['12'], 'number'],
    ['Height (ft)', ['6'], 'number'],
    ['Exchange rate (USD)', ['1.08'], 'number'],
    ['Price (EUR)', ['1.2345'], 'number'],
    ['Umsatz (€)', ['viel'], 'text'],
    ['Umsatz', ['1200'], 'number'],
  ])('is money where its heading says of which currency: %s of %j is %s', async (name, cells, kind) => {
    expect(await found(name, cells)).toBe(kind);
  });

  it('is money beside a column of currencies, where its heading is of amounts', async () => {
    const kindBeside = async (name: string, currency: readonly string[], heading = 'Currency'): Promise<unknown> => {
      const { kinds } = await proposed(
        [
          { name: 'Name', cells: ['Ana'] },
          { name, cells: ['12'] },
          { name: heading, cells: currency },
        ],
        { ...context, currency: null },
      );
      return Object.values(kinds)[0];
    };
    expect([await kindBeside('Price', ['USD', 'EUR']), await kindBeside('Einzelpreis', ['EUR'], 'Währung')]).toEqual([
      'money',
      'money',
    ]);
    expect([
      await kindBeside('Employees', ['USD']),
      await kindBeside('Price', []),
      await kindBeside('Price', ['USD', 'none']),
      await kindBeside('Price', ['USD'], 'Cost currency'),
    ]).toEqual(['number', 'number', 'number', 'number']);
  });

  it('is no lead’s value where its heading says another currency, which is told', async () => {
    const columns = [
      { name: 'Name', cells: ['Ana'] },
      { name: 'Value (€)', cells: ['5'] },
    ];
    const { mapping, kinds, doubts } = await proposed(columns, context);
    expect([mapping.get('Value (€)'), Object.values(kinds), doubts.get('Value (€)')]).toEqual([
      expect.stringMatching(/^custom_fields\./),
      ['money'],
      'By its heading it is value, but its amounts are in EUR, and those of leads are in USD.',
    ]);
    const own = await proposed(columns, { ...context, currency: 'EUR' });
    expect(own.mapping.get('Value (€)')).toBe('value');
  });

  it('is no money where neither its cells nor the organization name a currency', async () => {
    expect(await found('Budget', ['900750000000'], { currency: null })).toBe('text');
  });

  it.each([
    'PLZ',
    'CEP',
    'CP',
    'ZIP',
    'Billing Zip',
    'CNPJ',
    'CPF/CNPJ',
    'NIF',
    'VAT',
    'USt-IdNr.',
    'SKU',
    'IBAN',
    'EAN',
    'Postalcode',
    'C.P.',
    'CAP',
    'Código cliente',
    'Kd.-Nr.',
    'KvK-nummer',
    'Acct #',
    'Contract No.',
    'Postal Code',
    'PostCode',
    'Code postal',
    'Kod pocztowy',
  ])('is a code by its name: %s', async (name) => expect(await found(name, ['80331', '12'])).toBe('text'));

  it('is the field that is there, whatever a new one would be', async () => {
    const fields = [{ key: 'plz', label: 'PLZ', kind: 'number', options: [], archived: false }];
    expect(await found('PLZ', ['80331'], { fields })).toBe('custom_fields.plz');
  });

  it.each(['SMS', 'WhatsApp', 'Celular', 'Handy', 'Numero de WhatsApp', 'Telefono del trabajo'])(
    'is a phone by its name where its cells are numbers: %s',
    async (name) => {
      expect(await found(name, ['5511987654321'])).toBe('phone');
      expect(await found(name, ['yes', 'no'])).toBe('text');
    },
  );

  it.each([
    ['Estado', ['Ativo', 'Inativo', 'Ativo']],
    ['Estado', ['Activa', 'Pendiente', '']],
    ['State', ['Open', 'Closed']],
  ])('is no region by the heading %s where its cells say how something stands: %j', async (name, cells) => {
    const columns = [
      { name: 'Name', cells: ['Ana'] },
      { name, cells: cells.filter(Boolean) },
    ];
    const { mapping, doubts } = await proposed(columns, context);
    expect([mapping.get(name), doubts.get(name)]).toEqual([
      `custom_fields.${name.toLowerCase()}`,
      'By its heading it is state, but its cells say how something stands, and no region.',
    ]);
    expect(await found(name, ['São Paulo', 'Ativo', 'Texas'])).toBe('state');
  });

  it.each(['Tel./Fax', 'Tel / Fax', 'Telefon/Fax', 'Phone & Fax', 'Phone/Fax', 'Tel. und Fax', 'Fon/Fax'])(
    'is the phone where it holds a fax as well: %s',
    async (name) => {
      expect(await found(name, ['212 555 0199 / 212 555 0198', '(212) 555-0188'])).toBe('phone');
      expect(await targetsOf({ [name]: ['212 555 0199'], Mobile: ['212 555 0111'] })).toMatchObject({
        Mobile: 'phone',
      });
      expect(await found(name, ['yes', 'no'])).toBe('text');
    },
  );

  it.each([
    ['Nombre de la compañía', 'company'],
    ['Contato principal', 'contact_name'],
    ['Telefone comercial (contato)', 'phone'],
    ['Email comercial (contato)', 'email'],
    ['E-mail del trabajo', 'email'],
    ['Erwarteter Umsatz', 'value'],
    ['Stichwörter', 'tags'],
    ['E-mail 2 Address', 'email'],
    ['E-Mail 2: Adresse', 'email'],
    ['E-mail 2 - Value', 'email'],
    ['Phone 2 Number', 'phone'],
    ['Group Membership', 'tags'],
    ['Wie heißen Sie?', 'contact_name'],
    ['¿Cómo se llama?', 'contact_name'],
    ['Como se chama?', 'contact_name'],
    ['Comment vous appelez-vous ?', 'contact_name'],
    ['Telem.', 'phone'],
    ['Default Address City', 'city'],
    ['Default Address Company', 'company'],
    ['Default Address Phone', 'phone'],
    ['Default Address Country Code', 'country'],
    ['Default Address Province Code', 'state'],
    ['Tfno.', 'phone'],
    ['Teléfono fijo', 'phone'],
    ['Correo-e', 'email'],
    ['Nombre a mostrar', 'contact_name'],
    ['Nombre de la empresa relacionada', 'company'],
    ['Celular (WhatsApp)', 'phone'],
    ['Tags do lead', 'tags'],
    ['Nachname, Vorname', 'contact_name'],
    ['Name (Adressattyp Unternehmen)', 'company'],
    ['Name (Adressattyp natürl. Person)', 'last_name'],
    ['Office Phone', 'phone'],
    ['Saved Name', 'contact_name'],
    ['Primary Address City', 'city'],
    ['Primary Address State', 'state'],
    ['Primary Address Country', 'country'],
    ['Courriel', 'email'],
    ['Téléphone portable', 'phone'],
    ['Société', 'company'],
    ['Ville', 'city'],
    ['Nom', 'contact_name'],
    ['Soyadı', 'last_name'],
    ['Cognome', 'last_name'],
    ['Imię i nazwisko', 'contact_name'],
    ['Vor- und Nachname', 'contact_name'],
    ['First name / Last name', 'contact_name'],
    ['Attendee Name', 'contact_name'],
    ['Guest Name', 'contact_name'],
    ['Invitee Name', 'contact_name'],
    ['Your name', 'contact_name'],
    ['Your email', 'email'],
    ['Billing Phone', 'phone'],
    ['Billing Company', 'company'],
    ['Associated Company', 'company'],
    ['Nome Fantasia', 'company'],
    ['Landline phone', 'phone'],
    ['Телефон', 'phone'],
    ['Компания', 'company'],
    ['Город', 'city'],
    ['Эл. почта', 'email'],
    ['ФИО', 'contact_name'],
    ['Όνομα', 'contact_name'],
    ['Επώνυμο', 'last_name'],
    ['Τηλέφωνο', 'phone'],
    ['Πόλη', 'city'],
    ['氏名', 'contact_name'],
    ['名前', 'contact_name'],
    ['電話番号', 'phone'],
    ['会社名', 'company'],
    ['メールアドレス', 'email'],
    ['姓名', 'contact_name'],
    ['电话', 'phone'],
    ['公司', 'company'],
    ['城市', 'city'],
    ['邮箱', 'email'],
    ['이름', 'contact_name'],
    ['전화번호', 'phone'],
    ['الاسم', 'contact_name'],
    ['الهاتف', 'phone'],
    ['الشركة', 'company'],
    ['المدينة', 'city'],
    ['البريد الإلكتروني', 'email'],
    ['טלפון', 'phone'],
    ['Achternaam', 'last_name'],
    ['Vezetéknév', 'last_name'],
    ['FIRSTNAME', 'contact_name'],
    ['lastname', 'last_name'],
    ['middlename', 'middle_name'],
    ['Fullname', 'contact_name'],
    ['familyname', 'last_name'],
    ['companyname', 'company'],
    ['mobilephone', 'phone'],
    ['emailaddress1', 'email'],
    ['telephone1', 'phone'],
    ['address1_city', 'city'],
    ['createdat', 'created_at'],
    ['customerid', 'custom_fields.customerid'],
    ['ownerid', 'custom_fields.ownerid'],
    ['Nume', 'contact_name'],
    ['Last name (billing)', 'last_name'],
    ['Phone (billing)', 'phone'],
    ['Company (shipping)', 'company'],
    ['Order (billing)', 'custom_fields.order_billing'],
    ['Основной контакт', 'contact_name'],
    ['Osoba kontaktowa', 'contact_name'],
    ['What is your name?', 'contact_name'],
    ['What’s your phone number?', 'phone'],
    ["What's your company's name?", 'company'],
    ['Wie ist Ihr Name?', 'contact_name'],
    ['¿Cuál es tu correo electrónico?', 'email'],
    ['What is your budget?', 'custom_fields.what_is_your_budget'],
    ['Organization 1 - Name', 'company'],
    ['Họ và tên', 'contact_name'],
    ['Số điện thoại', 'phone'],
    ['Công ty', 'company'],
    ['Nama', 'contact_name'],
    ['No. HP', 'phone'],
    ['Perusahaan', 'company'],
    ['Firma / Account', 'company'],
    ['Firma/Account', 'company'],
    ['Société / Compte', 'company'],
    ['Empresa / Cuenta', 'company'],
    ['Compañía / Cuenta', 'company'],
    ['Empresa / Conta', 'company'],
    ['Company/Organization', 'company'],
    ['Company or organization', 'company'],
    ['Company / Organisation', 'company'],
    ['Organisation/Company', 'company'],
    ['Firma/Institution', 'company'],
    ['Firma / Verein', 'company'],
    ['Unternehmen oder Organisation', 'company'],
    ['Azienda / Account', 'company'],
    ['Deal - Contact person', 'contact_name'],
    ['Deal - Organization', 'company'],
    ['Lead - Contact person', 'contact_name'],
    ['Lead - Organization', 'company'],
    ['Activity - Contact person', 'contact_name'],
    ['Activity - Organization', 'company'],
    ['Opportunity: Account Name', 'company'],
    ['Negócio - Pessoa de contato', 'contact_name'],
    ['Negócio - Organização', 'company'],
    ['Trato - Persona de contacto', 'contact_name'],
    ['Affaire - Interlocuteur', 'contact_name'],
    ['Affare - Persona di contatto', 'contact_name'],
    ['Aktivität - Kontaktperson', 'contact_name'],
    ['Szansa sprzedaży - Osoba kontaktowa', 'contact_name'],
    ['Сделка - Контактное лицо', 'contact_name'],
    ['Organização - Nome', 'company'],
    ['Organización - Nombre', 'company'],
    ['Organisation - Nom', 'company'],
    ['Name der Firma', 'company'],
    ['Nombre empresa', 'company'],
    ['Entreprise principale', 'company'],
    ['Primäres Unternehmen', 'company'],
    ['SENDER_COMPANY', 'company'],
    ['Apellido y Nombre', 'contact_name'],
    ['Cognome Nome', 'contact_name'],
    ['Prénom Nom', 'contact_name'],
    ['Nachname und Vorname', 'contact_name'],
    ['Familienname, Vorname', 'contact_name'],
    ['Surname, First name', 'contact_name'],
    ['Surname, Name', 'contact_name'],
    ['Sobrenome, Nome', 'contact_name'],
    ['Last, First', 'contact_name'],
    ['Voor- en achternaam', 'contact_name'],
    ['Vor-/Nachname', 'contact_name'],
    ['Primary Contact', 'contact_name'],
    ['Primary Contact: Full Name', 'contact_name'],
    ['SENDER_NAME', 'contact_name'],
    ['primary_contact_name', 'contact_name'],
    ['Visitor name', 'contact_name'],
    ['Referente', 'contact_name'],
    ['Persona di riferimento', 'contact_name'],
    ['Yetkili Kişi', 'contact_name'],
    ['Interlocuteur', 'contact_name'],
    ['Point of contact', 'contact_name'],
    ['Key contact', 'contact_name'],
    ['POC', 'contact_name'],
    ['Ansprechpartner/in', 'contact_name'],
    ['Pessoa - Nome', 'contact_name'],
    ['Personne - Nom', 'contact_name'],
    ['Name / Nom / Nome', 'contact_name'],
    ['Associated Contact', 'contact_name'],
    ['Negócio - Valor', 'value'],
    ['Trato - Valor', 'value'],
    ['Affaire - Valeur', 'value'],
    ['Deal - Wert', 'value'],
    ['Pessoa - E-mail - Trabalho', 'email'],
    ['Correo / E-mail', 'email'],
    ['Pessoa - Telefone - Trabalho', 'phone'],
    ['Tél. mobile', 'phone'],
    ['Phone/Mobile number', 'phone'],
    ['Telefon oder Handy', 'phone'],
    ['Erstelldatum (MEZ)', 'created_at'],
    ['Date de création (CET)', 'created_at'],
    ['Fecha de creación (CET)', 'created_at'],
    ['Created At (UTC+0)', 'created_at'],
    ['Created (Europe/Berlin)', 'created_at'],
    ["ID de fiche d'informations - Contact", 'external_id'],
    ['ID do objeto', 'external_id'],
    ['Ville (bureau)', 'city'],
    ['SENDER_CITY', 'city'],
    ['Pays/Région (bureau)', 'country'],
    ['Deuxième prénom', 'middle_name'],
    ['Betrag in €', 'value'],
    ['Name/Firma', 'custom_fields.name_firma'],
    ['Phone / Fax', 'custom_fields.phone_fax'],
    ['Cidade/UF', 'custom_fields.cidade_uf'],
    ['Ad name', 'custom_fields.ad_name'],
    ['Key account', 'custom_fields.key_account'],
    ['Negócio - ID', 'custom_fields.negocio_id'],
    ['Deal - Title', 'custom_fields.deal_title'],
    ['Deal - Name', 'custom_fields.deal_name'],
    ['Deal name', 'custom_fields.deal_name'],
    ['Opportunity Name', 'custom_fields.opportunity_name'],
    ['Projekt - Name', 'custom_fields.projekt_name'],
    ['Deal - Contact person ID', 'custom_fields.deal_contact_person_id'],
    ['Deal - Organization ID', 'custom_fields.deal_organization_id'],
    ['Activity - Email', 'custom_fields.activity_email'],
    ['Date of creation or purchase', 'custom_fields.date_of_creation_or_purchase'],
    ['Value (CET)', 'custom_fields.value_cet'],
  ])('is known by the heading that other programs give it: %s', async (name, target) => {
    const { mapping } = await proposed([{ name, cells: [] }], { ...context, whole: false });
    expect(mapping.get(name)).toBe(target);
  });

  it('is told, where it is not what its heading says, with the reason', async () => {
    const { mapping, doubts } = await proposed(
      [
        { name: 'Company', cells: ['Acme'] },
        { name: 'Firma', cells: ['Bolt'] },
        { name: 'E-Mail', cells: ['yes', 'no', 'a@b.test'] },
        { name: 'Phone', cells: ['030 123456'] },
        { name: 'Color', cells: ['red'] },
      ],
      context,
    );
    expect(mapping.get('E-Mail')).toBe('custom_fields.e_mail');
    expect([...doubts]).toEqual([
      ['Firma', 'By its heading it is company, which another column is already.'],
      ['E-Mail', 'By its heading it is email, but only 1 of its 3 cells can be that.'],
    ]);
  });

  it('is a French last name beside a first one', async () => {
    expect(await targetsOf({ Nom: ['Martin'], Prénom: ['Zoé'] })).toEqual({ Nom: 'last_name', Prénom: 'first_name' });
    expect(await targetsOf({ 'Nombre(s)': ['José'], 'Apellido(s)': ['Pérez'] })).toEqual({
      'Nombre(s)': 'first_name',
      'Apellido(s)': 'last_name',
    });
    const halves = ['Nombre/s,Apellido/s', 'First Name(s),Last Name(s)', 'Given name(s),Family name(s)'];
    for (const headings of [...halves, 'Prénom(s),Nom(s)', 'Vorname(n),Nachname(n)']) {
      const [first = '', last = ''] = headings.split(',');
      const named = await targetsOf({ [first]: ['José', 'Ann'], [last]: ['Pérez', 'Roe'] });
      expect(named).toEqual({ [first]: 'first_name', [last]: 'last_name' });
    }
    expect(await targetsOf({ 'Nome do(a) Comprador(a)': ['Ana Só'], 'Telefone(s)': ['+351912345678'] })).toEqual({
      'Nome do(a) Comprador(a)': 'contact_name',
      'Telefone(s)': 'phone',
    });
    expect(await targetsOf({ 'Kunde/in': ['Eva Groß'], 'E-Mail(s)': ['eva@x.test'] })).toEqual({
      'Kunde/in': 'contact_name',
      'E-Mail(s)': 'email',
    });
  });

  it('is a day where its heading says so and its cells are numbers of days', async () => {
    expect(await found('Geburtsdatum', ['45356', '45357.5'])).toBe('date');
    expect(await found('Created', ['45356', '00.00.0000'])).toBe('created_at');
    expect(await found('Kostenstelle', ['45356'])).toBe('number');
    expect(await found('Birthday', ['45356', '99999'])).toBe('number');
    for (const [name, kind] of [
      ['Signup date', 'date'],
      ['Last seen at', 'date'],
      ['Timestamp', 'date'],
      ['Created', 'created_at'],
      ['Points', 'number'],
      ['Date of order', 'date'],
    ] as const)
      for (const cells of [
        ['1709626320', '1609626320'],
        ['1709626320123', '1609626320123'],
      ])
        expect([name, await found(name, cells)]).toEqual([
          name,
          kind === 'number' && cells[0]!.length > 11 ? 'text' : kind,
        ]);
    expect(await found('Signup date', ['1709626320', '2125550199'])).not.toBe('date');
    expect(await found('Last seen at', ['45356'])).toBe('number');
  });

  it.each([
    ['Kontaktweg', ['a@b.test', 'c@d.test'], 'email'],
    ['Ligne directe', ['+33 1 23 45 67 89'], 'phone'],
    ['Präsenz', ['https://a.test', 'www.b.test/x'], 'site'],
    ['Kontaktweg', ['a@b.test', 'by post'], 'text'],
    ['Kontaktweg', ['a\u200b@b.test', 'c@d.test'], 'email'],
    ['Kontaktweg', ['a@b.test', 'c@d.test', 'e@f.test', 'by post'], 'email'],
    ['Kontaktweg', ['a@b.test', 'k.A.'], 'email'],
    ['Rückruf', ['+4930123456', '+4930123457', '+4930123458', 'abends'], 'phone'],
    ['Präsenz', ['https://a.test', 'www.b.test/x', 'www.c.test', 'im Bau'], 'site'],
    ['qr_code_url', ['https://qr.test/1'], 'text'],
    ['Meeting link', ['https://a.test/1', 'https://b.test/2'], 'text'],
    ['Photo', ['https://a.test/1', 'https://b.test/2'], 'text'],
    ['Portrait', ['https://a.test/1.jpg', 'https://b.test/2.png'], 'text'],
    ['Extra', ['https://a.test/1'], 'text'],
    ['Website', ['https://a.test'], 'site'],
    ['Telefax', ['+4930123456'], 'text'],
    ['ida@example.org', ['jan@example.org'], 'text'],
    ['Profil', ['https://linkedin.com/in/a'], 'text'],
    ['Record', ['https://crm.test/1', 'https://crm.test/2', 'https://crm.test/3'], 'text'],
  ])('is by its cells what no heading names: %s of %j is %s', async (name, cells, target) => {
    expect(await found(name, cells)).toBe(target);
  });

  it('is not by its cells what another column is by its heading, or what the organization or a colleague is', async () => {
    const mails = ['a@b.test', 'c@d.test'];
    expect(await targetsOf({ Kontaktweg: mails, Mail: ['e@f.test'] })).toMatchObject({
      Kontaktweg: 'custom_fields.kontaktweg',
    });
    expect(await targetsOf({ Betreuer: ['a@b.test', 'a@b.test'], Kontaktweg: mails })).toEqual({
      Betreuer: 'custom_fields.betreuer',
      Kontaktweg: 'email',
    });
    const fields = [{ key: 'kontaktweg', label: 'Kontaktweg', kind: 'text', options: [], archived: false }];
    expect(await found('Kontaktweg', mails, { fields })).toBe('custom_fields.kontaktweg');
    expect(await found('Betreuer', mails, { isOwner: () => true })).toBe('text');
  });

  it('is the phone first that is dialled from abroad in all its cells', async () => {
    const phones = {
      'Country Code': ['55'],
      'Phone Number': ['11987654321'],
      'Formatted Phone': ['+55 11 98765-4321'],
    };
    expect(Object.entries(await targetsOf(phones))).toEqual([
      ['Formatted Phone', 'phone'],
      ['Phone Number', 'phone'],
      ['Country Code', 'custom_fields.country_code'],
    ]);
    expect(Object.keys(await targetsOf({ Phone: ['+49 30 123456'], Mobile: ['0171 1234567'] }))).toEqual([
      'Phone',
      'Mobile',
    ]);
    expect(await found('Country Code', ['55'])).toBe('text');
    // Another number than the one before it comes behind that, however it is written.
    expect(Object.keys(await targetsOf({ Phone: ['030 123456'], Mobile: ['+49 171 1234567'] }))).toEqual([
      'Phone',
      'Mobile',
    ]);
  });

  it.each([
    ['Direct Phone', 'US', '(212) 555-2368'],
    ['Work Direct Phone', 'US', '212-555-2368'],
    ['Corporate Phone', 'US', '+1 212 555 2368'],
    ['Contact number', 'GB', '020 7946 0958'],
    ['Mob', 'GB', '07400 123456'],
    ['Your daytime phone, please', 'GB', '020 7946 0958'],
    ['Tel. dienstlich', 'DE', '030 1234567'],
    ['Mobil-Tel.-Nr.', 'DE', '0171 1234567'],
    ['Natel', 'CH', '079 123 45 67'],
    ['Tel. P', 'CH', '044 668 18 00'],
    ['N° de téléphone', 'FR', '01 23 45 67 89'],
    ['Tel. cellulare', 'IT', '312 345 6789'],
    ['Telefone (WhatsApp)', 'BR', '(11) 98765-4321'],
    ['Tel. kom.', 'PL', '512 345 678'],
    ['Рабочий телефон (контакт)', 'RU', '8 (912) 345-67-89'],
    ['휴대폰 (업무)', 'KR', '010-2000-0000'],
  ])('is the phone by a word in its heading and by its cells: %s', async (name, country, cell) => {
    expect(await found(name, [cell, cell], { country })).toBe('phone');
    expect(await found(name, ['yes', 'no', 'never'], { country })).not.toBe('phone');
    expect(await found(`${name} fax`, [cell, cell], { country })).not.toBe('phone');
  });

  it('is by a word in its heading no phone where another column is one and as full, and of several the fullest', async () => {
    const phone = '(212) 555-2368';
    expect(await targetsOf({ 'Mobile Phone': [], 'Direct Phone': [phone], 'Corporate Phone': [phone, phone] })).toEqual(
      {
        'Mobile Phone': 'phone',
        'Corporate Phone': 'phone',
        'Direct Phone': 'custom_fields.direct_phone',
      },
    );
    expect(await targetsOf({ Phone: [phone], 'Direct Phone': [phone] })).toEqual({
      Phone: 'phone',
      'Direct Phone': 'custom_fields.direct_phone',
    });
    expect(await targetsOf({ 'Emergency phone': [phone] })).toEqual({
      'Emergency phone': 'custom_fields.emergency_phone',
    });
    const fields = [{ key: 'direct_phone', label: 'Direct Phone', kind: 'text', options: [], archived: false }];
    expect(await found('Direct Phone', [phone], { fields })).toBe('custom_fields.direct_phone');
  });

  it.each(['Work', 'Home', 'Direct Dial', 'Geschäftlich', 'Trabajo', 'Durchwahl', 'Bureau'])(
    'is a phone beside another one by where somebody is called, and its cells: %s',
    async (name) => {
      const phone = '(212) 555-2368';
      expect(await targetsOf({ [name]: [phone], Mobile: ['(212) 555-2369'] })).toEqual({
        Mobile: 'phone',
        [name]: 'phone',
      });
      expect(await targetsOf({ [name]: ['5', 'yes', phone], Mobile: [phone] })).toMatchObject({ Mobile: 'phone' });
      expect(await found(name, ['5', 'yes', phone])).toBe('text');
    },
  );

  it.each([
    ['phone', 'Telefon privat', 'Telefon mobil'],
    ['phone', 'Mobil', 'Telefon dienstlich'],
    ['phone', 'Telemóvel', 'Telefone Fixo'],
    ['phone', 'Celular', 'Telefone fixo'],
    ['phone', 'Móvil', 'Fijo'],
    ['phone', 'Handy', 'Diensttelefon'],
    ['phone', 'Teléfono', 'Teléfono oficina'],
    ['phone', 'Phone', 'Alternate Phone'],
    ['email', 'Work Email', 'Personal Email'],
    ['email', 'E-Mail privat', 'E-Mail Arbeit'],
    ['email', 'Email pro', 'Email perso'],
    ['email', 'Email principal', 'Email secundário'],
    ['email', 'Correo personal', 'Correo corporativo'],
    ['email', 'Mail', 'Privatmail'],
  ])('is a further %s beside %s where somebody has no other one: %s', async (target, first, further) => {
    const cell = target === 'email' ? 'a@b.test' : '+12125552368';
    const beside = (rows: readonly number[], name = further) => [
      { name: 'Name', cells: ['Ana', 'Bo'] },
      { name: first, cells: [cell], rows: [0] },
      { name, cells: rows.map(() => (target === 'email' ? 'c@d.test' : '(212) 555-2369')), rows },
    ];
    const found = async (...given: Parameters<typeof beside>): Promise<unknown> =>
      (await proposed(beside(...given), context)).mapping.get(given[1] ?? further);
    expect(await found([0, 1])).toBe(target);
    expect(await found([1])).toBe(target);
    const fields = [{ key: 'own', label: further, kind: 'text', options: [], archived: false }];
    const { mapping } = await proposed(beside([1]), { ...context, fields });
    expect(mapping.get(further)).toBe('custom_fields.own');
    for (const whose of ['Parent', 'Manager', 'Owner'])
      expect(await found([1], `${whose} ${further}`)).toMatch(/^custom_fields/);
  });

  it('is a further phone or address for nobody who has one already', async () => {
    const found = await targetsOf({
      Name: ['Ana'],
      Phone: ['(212) 555-2368'],
      'Direct Phone': ['(212) 555-2369'],
      'Work Email': ['a@b.test'],
      'Personal Email': ['c@d.test'],
    });
    expect(found).toMatchObject({
      'Direct Phone': 'custom_fields.direct_phone',
      'Personal Email': 'custom_fields.personal_email',
    });
  });

  it('is a deal’s title where another column names the person, and else the name', async () => {
    expect(await targetsOf({ 'Nome do lead': ['Site novo'], 'Contato principal': ['Ana'] })).toEqual({
      'Nome do lead': 'custom_fields.nome_do_lead',
      'Contato principal': 'contact_name',
    });
    expect(await targetsOf({ 'Nome do lead': ['Ana'], Email: ['a@b.test'] })).toMatchObject({
      'Nome do lead': 'contact_name',
    });
  });

  it('is of whoever stands behind a deal where no other column names the row’s own, and else a custom field', async () => {
    const deal = { 'Deal - Contact person': ['Ana Silva'], 'Deal - Organization': ['Acme'] };
    expect(await targetsOf({ 'Deal - Title': ['Website'], ...deal })).toEqual({
      'Deal - Title': 'custom_fields.deal_title',
      'Deal - Contact person': 'contact_name',
      'Deal - Organization': 'company',
    });
    expect(await targetsOf({ ...deal, 'First name': ['Bo'], 'Last name': ['Ray'], Company: ['Bolt'] })).toEqual({
      'Deal - Contact person': 'custom_fields.deal_contact_person',
      'Deal - Organization': 'custom_fields.deal_organization',
      'First name': 'first_name',
      'Last name': 'last_name',
      Company: 'company',
    });
    expect(await targetsOf({ ...deal, 'Person - Name': [], Company: [] })).toMatchObject({
      'Deal - Contact person': 'contact_name',
      'Deal - Organization': 'company',
    });
  });

  it('is the company twice where a deal and its contact have one each', async () => {
    expect(await targetsOf({ 'Empresa do lead': ['Acme'], 'Empresa do contato': ['Bolt'] })).toEqual({
      'Empresa do lead': 'company',
      'Empresa do contato': 'company',
    });
  });

  it.each([
    [
      ['Nombre', 'Apellido Paterno', 'Apellido Materno'],
      ['first_name', 'last_name', 'last_name'],
    ],
    [
      ['Primer nombre', 'Primer apellido', 'Segundo apellido'],
      ['first_name', 'last_name', 'last_name'],
    ],
    [
      ['Ad', 'Soyad'],
      ['first_name', 'last_name'],
    ],
    [
      ['Nom', 'Prénoms'],
      ['last_name', 'first_name'],
    ],
    [
      ['Zuname', 'Vorname'],
      ['last_name', 'first_name'],
    ],
    [
      ['First', 'Last'],
      ['first_name', 'last_name'],
    ],
    [
      ['Name (First)', 'Name (Last)'],
      ['first_name', 'last_name'],
    ],
    [
      ['Billing First Name', 'Billing Last Name'],
      ['first_name', 'last_name'],
    ],
    [
      ['Имя', 'Фамилия'],
      ['first_name', 'last_name'],
    ],
    [
      ['Όνομα', 'Επώνυμο'],
      ['first_name', 'last_name'],
    ],
    [
      ['姓', '名'],
      ['last_name', 'first_name'],
    ],
    [
      ['Nume', 'Prenume'],
      ['last_name', 'first_name'],
    ],
    [
      ['FIRSTNAME', 'LASTNAME'],
      ['first_name', 'last_name'],
    ],
    [
      ['First name (billing)', 'Last name (billing)'],
      ['first_name', 'last_name'],
    ],
    [
      ["Hi! What's your first name?", 'And your last name?'],
      ['first_name', 'last_name'],
    ],
  ])('is a part of a name beside the others: %j', async (names, targets) => {
    const cells = ['Ana', 'Silva', 'Reyes'];
    const { mapping } = await proposed(
      names.map((name, at) => ({ name, cells: [cells[at] ?? ''] })),
      context,
    );
    expect(names.map((name) => mapping.get(name))).toEqual(targets);
  });

  it.each([
    'Customer',
    'Client',
    'Kunde',
    'Cliente',
    'Participant',
    'Contact 1 Name',
    'Клиент',
    'Nombre del cliente',
    'Interessent/in',
    'Responsável',
    'Visitor',
  ])('is the name where no other column is one, and its cells are names: %s', async (name) => {
    expect((await targetsOf({ [name]: ['Ana Silva', 'Bo'], Email: ['a@b.test'] }))[name]).toBe('contact_name');
    expect((await targetsOf({ Name: ['Ana'], [name]: ['Ana Silva', 'Bo'] }))[name]).toMatch(/^custom_fields/);
    expect((await targetsOf({ [name]: ['yes'], Email: ['a@b.test'] }))[name]).toMatch(/^custom_fields/);
    expect((await targetsOf({ [name]: ['C-1001', 'C-1002'] }))[name]).toMatch(/^custom_fields/);
  });

  it.each([
    ...['Name;Ansprechpartner', 'Customer Name;Contact Name', 'Cliente;Persona de contacto', 'Nome;Referente'],
    ...['Kunde;Ansprechpartner', 'Kundenname;Ansprechpartner', 'Client;Contact', 'Cliente;Contato', 'Kundnamn;Kontakt'],
    ...['Party Name;Contact Person', 'Mandant;Kontakt', 'Naam;Contactpersoon'],
  ])('is the company beside the people to speak with there: %s', async (names) => {
    const [company = '', person = ''] = names.split(';');
    const columns = { [company]: ['Acme GmbH', 'Bolt AG'], [person]: ['Al Bo', 'Eve Ray'] };
    expect(await targetsOf(columns)).toEqual({ [company]: 'company', [person]: 'contact_name' });
    expect(await targetsOf({ ...columns, Firma: ['Acme', 'Bolt'] })).toMatchObject({ Firma: 'company' });
    expect(await targetsOf({ ...columns, [person]: ['030 123456', 'a@b.test'] })).not.toMatchObject({
      [company]: 'company',
    });
  });

  it.each([
    ['Kunde', 'Name', 'Acme GmbH', 'Bolt AG'],
    ['Customer', 'Name', 'Acme Ltd.', 'Bolt Inc'],
    ['Client', 'Nom', 'Acme SARL', 'Bolt S.A.S.'],
    ['Klant', 'Naam', 'Acme B.V.', 'Bolt'],
  ])('is the company or the person of %s and %s, whichever has legal forms', async (customer, name, ...companies) => {
    const people = ['Al Bo', 'Eve Ray'];
    expect(await targetsOf({ [customer]: companies, [name]: people })).toEqual({
      [customer]: 'company',
      [name]: 'contact_name',
    });
    expect(await targetsOf({ [customer]: people, [name]: companies })).toEqual({
      [customer]: 'contact_name',
      [name]: 'company',
    });
    expect(await targetsOf({ [customer]: people, [name]: people })).toMatchObject({ [name]: 'contact_name' });
    expect(await targetsOf({ [customer]: companies, [name]: people, Firma: ['Cog'] })).toMatchObject({
      Firma: 'company',
      [name]: 'contact_name',
    });
  });

  it('is no name by a word that says so only beside another one', async () => {
    expect(await targetsOf({ Name: ['Ana'], Ad: ['Summer'], First: ['2024'] })).toMatchObject({
      Name: 'contact_name',
      Ad: 'custom_fields.ad',
      First: 'custom_fields.first',
    });
    expect(await targetsOf({ 'Attendee ID': ['7'] })).toEqual({ 'Attendee ID': 'custom_fields.attendee_id' });
  });

  it('is a company where the heading above it says so', async () => {
    const columns = [
      { name: 'First Name', cells: ['Tom'], group: 'Contact' },
      { name: 'Last Name', cells: ['Riley'], group: 'Contact' },
      { name: 'Name', cells: ['Riley Ltd'], group: 'Company' },
    ];
    expect(Object.fromEntries((await proposed(columns, context)).mapping)).toEqual({
      'First Name': 'first_name',
      'Last Name': 'last_name',
      Name: 'company',
    });
  });

  it.each([
    [{ '*ContactName': ['Roe Ltd', 'Acme'], FirstName: ['Ann', 'Tom'], LastName: ['Roe', 'Day'] }, 'company'],
    [{ Name: ['Roe GmbH'], Vorname: ['Ann'], Nachname: ['Roe'] }, 'company'],
    [{ Name: ['Acme Ltd'], 'First Name': ['Ann'] }, 'company'],
    [{ Name: ['Roe'], Vorname: ['Ann'] }, 'last_name'],
    [{ Name: ['Ann Roe', 'Acme'], 'First Name': ['Ann', 'Tom'], 'Last Name': ['Roe', 'Day'] }, 'contact_name'],
    [{ Name: ['ROE, Ann'], 'First Name': ['Ann'], 'Last Name': ['Roe'] }, 'contact_name'],
    [{ Name: ['Acme'], 'First Name': ['Ann'], 'Last Name': ['Roe'], Company: ['Acme Ltd'] }, 'custom_fields.name'],
  ])('is of a company where the parts beside it call somebody else: %j is %s', async (columns, target) => {
    const found = await targetsOf(columns as unknown as Record<string, string[]>);
    expect(found[Object.keys(columns)[0] ?? '']).toBe(target);
    if ('Company' in columns) expect(found['Company']).toBe('company');
  });

  it.each([
    ['Cobrada', 'Pendiente'],
    ['Vencida', 'Facturada'],
    ['Pagata', 'Scaduta'],
    ['Payée', 'Échue'],
    ['Overdue', 'Invoiced'],
  ])('is no region where its cells say how a bill stands: %s, %s', async (...cells) => {
    expect(await found('Estado', cells)).not.toBe('state');
    expect(await found('Estado', ['Jalisco', 'Puebla'])).toBe('state');
  });

  it('is told with the currencies where amounts are in others than those of leads', async () => {
    const { doubts } = await proposed([{ name: 'Deal value', cells: ['1.200,00 EUR', '€ 5', '£7'] }], context);
    expect(doubts.get('Deal value')).toBe(
      'By its heading it is value, but 3 of its 3 amounts are in EUR, GBP, and those of leads are in USD.',
    );
    const doubt = async (...cells: string[]): Promise<string | undefined> =>
      (await proposed([{ name: 'Deal value', cells }], context)).doubts.get('Deal value');
    expect(await doubt('CAD 5', '12k', 'later')).toBe(
      'By its heading it is value, but 1 of its 1 amounts are in CAD, and those of leads are in USD. 2 of its cells are no amount.',
    );
    expect(await doubt('CAD 5', 'CAD 6', 'CAD 7', '$8', 'later', 'N/A')).toBe(
      'By its heading it is value, but 3 of its 4 amounts are in CAD, and those of leads are in USD. 1 of its cells is no amount.',
    );
    expect(await doubt('12k', 'later')).toBe('By its heading it is value, but only 0 of its 2 cells can be that.');
  });
});

describe('our export', () => {
  const stage = '0199aaaa-0000-7000-8000-000000000009';
  const columns = (more: Readonly<Record<string, readonly string[]>> = {}) =>
    Object.entries({
      id: ['0199aaaa-0000-7000-8000-000000000001'],
      external_id: [],
      contact_name: ['Ada'],
      email: ['ada@x.test'],
      owner_id: ['0199aaaa-0000-7000-8000-000000000002'],
      pipeline_id: ['0199aaaa-0000-7000-8000-000000000003'],
      stage_id: [stage],
      value_minor: ['1200000'],
      tags: [`${'tag;'.repeat(200)}`],
      updated_at: ['2026-01-01T00:00:00.000Z'],
      'custom_fields.saldo': ['-1.5'],
      ...more,
    }).map(([name, cells]) => ({ name, cells }));

  it('is taken by its ids where a stage of its leads is one here', async () => {
    const { mapping, unplaced } = await proposed(columns(), { ...context, isStage: (cell) => cell === stage });
    expect(Object.fromEntries(mapping)).toEqual({
      id: 'id',
      external_id: 'external_id',
      contact_name: 'contact_name',
      email: 'email',
      owner_id: 'owner_id',
      stage_id: 'stage',
      value_minor: 'value_minor',
      tags: 'tags',
      'custom_fields.saldo': 'custom_fields.saldo',
    });
    expect([...unplaced]).toEqual([]);
  });

  it('of another organization is taken without its ids, which is said, with the fields that it names', async () => {
    const { mapping, kinds, unplaced } = await proposed(columns({ currency: ['EUR'] }), context);
    expect(Object.fromEntries(mapping)).toEqual({
      contact_name: 'contact_name',
      email: 'email',
      value_minor: 'value_minor',
      tags: 'tags',
      'custom_fields.saldo': 'custom_fields.saldo',
    });
    expect(kinds).toEqual({ saldo: 'number' });
    expect(Object.fromEntries(unplaced)).toEqual(
      Object.fromEntries(
        ['id', 'owner_id', 'pipeline_id', 'stage_id'].map((name) => [
          name,
          'It has ids of another organization, whose export this is. It is left out.',
        ]),
      ),
    );
    // An older one has no currency.
    expect((await proposed(columns(), context)).unplaced.get('value_minor')).toMatch(/they are taken for USD\.$/);
  });
});

describe('headings of the usual exports', () => {
  it.each([
    ...[
      'Date création',
      'Date de création',
      'Créé le',
      'Ajouté le',
      'Fecha de alta',
      'Fecha de creación',
      'Fecha creación',
    ],
    ...['Data de criação', 'Data criação', 'Data de cadastro', 'Angelegt am', 'Erstellt am', 'Anlagedatum', 'Angelegt'],
  ])('say since when a lead is there: %s', async (name) => {
    expect(await found(name, ['2026-01-31', '2026-02-01'])).toBe('created_at');
    expect(await found(name, ['bald', 'später'])).toBe('text');
  });

  it.each([
    ...['Dono do Lead', 'Proprietário do lead', 'Responsável pelo contato', 'Propietario del lead', 'Asignado a'],
    ...['Propriétaire du contact', 'Assigné à', 'Kontaktbesitzer', 'Zugewiesen an', 'Lead Owner'],
  ])('say whose a lead is, where cells are members, and else why they do not: %s', async (name) => {
    expect(await found(name, ['Kim'], { isOwner: () => true })).toBe('owner');
    const { doubts } = await proposed(
      [
        { name: 'Name', cells: ['Ana'] },
        { name, cells: ['Kim', 'Lee'] },
      ],
      context,
    );
    expect(doubts.get(name)).toBe('By its heading it is owner, but only 0 of its 2 cells can be that.');
  });

  it.each(['Lead Owner.id', 'Owner ID', 'owner_id'])('name no owner by ids of another program: %s', async (name) => {
    const cells = ['5529870001', '5529870002'];
    const list = [
      { name: 'Name', cells: ['Ana'] },
      { name, cells },
    ];
    const { mapping, kinds, doubts } = await proposed(list, context);
    expect([mapping.get(name)?.startsWith('custom_fields.'), Object.values(kinds)]).toEqual([true, ['text']]);
    expect(doubts.get(name)).toMatch(/but only 0 of its 2 cells can be that\.$/);
    const own = ['0199aaaa-0000-7000-8000-000000000008'];
    expect(await found(name, own, { isOwner: () => true })).toBe('owner_id');
  });

  it.each([
    ...[
      'Contribuinte',
      'NIF',
      'NIPC',
      'CNPJ',
      'CPF',
      'CIF',
      'USt-IdNr.',
      'USt-ID',
      'Steuernummer',
      'Steuer-Nr.',
      'SIRET',
      'SIREN',
    ],
    ...[
      'VAT',
      'VAT Number',
      'N° TVA',
      'Partita IVA',
      'Codice fiscale',
      'RUC',
      'GSTIN',
      'PLZ',
      'HRB',
      'Org.nr',
      'Passport',
    ],
  ])('are of numbers that somebody is known by, which are text: %s', async (name) => {
    expect(await found(name, ['501234567', '502345678'])).toBe('text');
  });
});
