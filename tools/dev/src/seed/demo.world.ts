import { inForm } from '@apollo/contracts';

/** The roles of a member, as the API writes them. */
export type Role = 'owner' | 'admin' | 'member' | 'viewer';

/** A demo organization, its own owner and who else is in it. */
export interface DemoOrg {
  readonly slug: string;
  readonly name: string;
  readonly country: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly owner: DemoPerson;
  readonly others: readonly { readonly person: DemoPerson; readonly role: Role }[];
  /** What its leads are about: companies and the tags they carry. */
  readonly companies: readonly string[];
  readonly tags: readonly string[];
}

/** A demo login; all addresses end in `.test`, which no mail server serves. */
export interface DemoPerson {
  readonly email: string;
  readonly name: string;
}

/** The consultant who works for all three. */
export const CONSULTANT: DemoPerson = { email: 'mara@consulting.test', name: 'Mara Lindqvist' };

const AUDITOR: DemoPerson = { email: 'viktor@audit.test', name: 'Viktor Adeyemi' };

/** Three companies that must never see a row of each other. All invented. */
export const DEMO_ORGS: readonly DemoOrg[] = [
  {
    slug: 'brightpath-academy',
    name: 'Brightpath Academy',
    country: 'IE',
    time_zone: 'Europe/Dublin',
    currency: 'EUR',
    owner: { email: 'orla@brightpath.test', name: 'Orla Keane' },
    others: [
      { person: CONSULTANT, role: 'owner' },
      { person: AUDITOR, role: 'viewer' },
    ],
    companies: ['Harbour Credit Union', 'Slaney Foods', 'Corrib Software', 'Wicklow Textiles', 'Liffey Logistics'],
    tags: ['course', 'webinar', 'scholarship'],
  },
  {
    slug: 'northwind-solar',
    name: 'Northwind Solar',
    country: 'DK',
    time_zone: 'Europe/Copenhagen',
    currency: 'DKK',
    owner: { email: 'jens@northwind.test', name: 'Jens Holm' },
    others: [{ person: CONSULTANT, role: 'admin' }],
    companies: ['Fjordkilde Dairy', 'Skagen Shipyards', 'Aalborg Kommune Depot', 'Ribe Cold Stores', 'Bornholm Glass'],
    tags: ['rooftop', 'battery', 'maintenance'],
  },
  {
    slug: 'castellan-legal',
    name: 'Castellan Legal',
    country: 'PT',
    time_zone: 'Europe/Lisbon',
    currency: 'EUR',
    owner: { email: 'ines@castellan.test', name: 'Inês Carvalho' },
    others: [{ person: CONSULTANT, role: 'member' }],
    companies: ['Douro Vineyards', 'Atlântico Ceramics', 'Minho Robotics', 'Sintra Stays', 'Algarve Marine'],
    tags: ['contract', 'dispute', 'retainer'],
  },
];

const FIRST_NAMES = ['Aoife', 'Bram', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ilse', 'Joana'];
const LAST_NAMES = [
  'Aalto',
  'Bianchi',
  'Costa',
  'Dvorak',
  'Eriksen',
  'Fonseca',
  'Gallagher',
  'Haddad',
  'Ivanova',
  'Jansen',
];

/** The leads an organization starts with, always the same ones. */
export function demoLeads(org: DemoOrg, count = 20): Record<string, unknown>[] {
  const offset = DEMO_ORGS.indexOf(org) * 3;
  return Array.from({ length: count }, (_, i) => {
    const first = FIRST_NAMES[(i + offset) % FIRST_NAMES.length] as string;
    const last = LAST_NAMES[(i * 3 + offset + Math.floor(i / 10)) % LAST_NAMES.length] as string;
    const company = org.companies[i % org.companies.length] as string;
    return {
      contact_name: `${first} ${last}`,
      company,
      email: `${first}.${last}@${inForm(company, 'NFKD')
        .replace(/[^A-Za-z]/g, '')
        .toLowerCase()}.test`.toLowerCase(),
      country: org.country,
      value_minor: (i + 1) * 125_000,
      tags: [org.tags[i % org.tags.length] as string],
      external_id: `demo-${i + 1}`,
    };
  });
}
