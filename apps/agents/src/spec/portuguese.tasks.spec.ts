import { ADA, ADAM, finds, GRACE, list, moved, noted, PIPELINES, pipelines, type Task } from './offline.tasks.spec.js';

const one = (says: string, does: Task['turns'][number]['does'], ...answers: string[]): Task => ({
  turns: [{ says, does, answers }],
});

/** Tasks in Portuguese, each a whole conversation. */
export const PORTUGUESE_TASKS: readonly Task[] = [
  one(
    'Quantos leads há em Qualified?',
    [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
    'há 12 leads',
    '“Qualified”',
  ),
  one(
    'Quantos leads temos na etapa Negociação?',
    [['count_leads', { stage: 'Negotiation' }, { total: 1 }]],
    'há 1 lead ',
  ),
  one('quantos leads existem?', [['count_leads', {}, { total: 9 }]], 'há 9 leads.'),
  one('Quantos leads há de Espanha?', [['count_leads', { country: 'Espanha' }, { total: 4 }]], 'de “Espanha”'),
  one(
    'quantos leads estão em Coimbra?',
    [pipelines, ['count_leads', { city: 'Coimbra' }, { total: 2 }]],
    'de “Coimbra”',
  ),
  one(
    'Quantos leads há por cidade?',
    [['count_leads', { group_by: 'city' }, { total: 3, groups: [{ key: 'Lisboa', count: 3 }] }]],
    '“Lisboa”: 3',
  ),
  {
    turns: [
      {
        says: 'Quantos leads há em Qualified?',
        does: [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
        answers: ['12'],
      },
      {
        says: 'Quais deles são de Lisboa e têm mais de um mês?',
        does: [['search_leads', { stage: 'Qualified', city: 'Lisboa', older_than_days: 30, limit: 10 }, list(GRACE)]],
        answers: ['encontrei 1 lead', 'Grace Hopper'],
      },
      { says: 'Move-a para Won', answers: ['não percebi'] },
      { says: 'Mova ela para Won', does: [moved(GRACE.id, 'Won')], answers: ['movi “Grace Hopper” para “Won”'] },
    ],
  },
  one(
    'Mostre os leads com mais de 30 dias',
    [['search_leads', { older_than_days: 30, limit: 10 }, list(ADA)]],
    'Ada Lovelace',
  ),
  one(
    'Adicione uma nota à Ada: ligar de volta',
    [finds('Ada', ADA), noted(ADA.id, 'ligar de volta')],
    'adicionei a nota “ligar de volta”',
  ),
  {
    turns: [
      {
        says: 'adiciona uma nota à Ada: ligar',
        does: [finds('Ada', ADA, ADAM)],
        answers: ['vários leads', 'Qual deles'],
      },
      { says: 'a segunda', does: [noted(ADAM.id, 'ligar')], answers: ['“Ada Byron”'] },
    ],
  },
  one('Move a Grace Hopper para Negotiation', [finds('Grace Hopper', GRACE), moved(GRACE.id, 'Negotiation')], 'movi'),
  one('mova Grace para negociação, por favor', [finds('Grace', GRACE), moved(GRACE.id, 'Negotiation')], 'movi'),
  one(
    'Escreva um e-mail para Grace sobre a proposta',
    [
      finds('Grace', GRACE),
      [
        'draft_email',
        {
          lead_id: GRACE.id,
          subject: 'Sobre proposta',
          body: 'Olá Grace Hopper,\n\nEscrevo-lhe sobre proposta.\n\nCom os melhores cumprimentos',
        },
        { id: ADA.id },
      ],
    ],
    'rascunho',
    'Nada é enviado',
  ),
  one(
    'O que diz a nossa tabela de preços sobre descontos?',
    [
      [
        'read_documents',
        { query: 'descontos', document: 'tabela de preços' },
        list({ text: 'Dez por cento.', title: 'Preços.pdf', page: 2 }),
      ],
    ],
    '“Dez por cento.” (“Preços.pdf”, página 2)',
  ),
  one(
    'o que dizem os nossos documentos sobre férias?',
    [['read_documents', { query: 'férias' }, list({ text: 'Trinta dias.', document: 'Regras', page: 1 })]],
    '“Trinta dias.” (“Regras”, página 1)',
  ),
  one('Lembre-se de que fechamos às sextas', [['remember', { text: 'fechamos às sextas' }, {}]], 'vou lembrar-me'),
  one('esquece o que eu disse sobre sextas', [['forget', { text: 'sextas' }, {}]], 'esqueci “sextas”'),
  one('Qual é o nosso saldo?', [['read_balance', {}, { available: 480 }]], '480 Stars'),
  one('quais são os nossos pipelines?', [['list_pipelines', {}, PIPELINES]], '“Sales”'),
  one(
    'Crie um lead Alan Turing da empresa Bletchley em Londres com o e-mail alan@example.test',
    [
      [
        'create_lead',
        { contact_name: 'Alan Turing', company: 'Bletchley', city: 'Londres', email: 'alan@example.test' },
        ADA,
      ],
    ],
    'criei o lead “Alan Turing”',
  ),
  one(
    'altere a cidade da Ada para Porto',
    [finds('Ada', ADA), ['update_lead', { id: ADA.id, fields: { city: 'Porto' } }, ADA]],
    'Cidade',
  ),
  one('Mude a etapa da Grace para Ganho', [finds('Grace', GRACE), moved(GRACE.id, 'Won')], '“Won”'),
  one('Qual o nosso saldo?', [['read_balance', {}, { available: 5 }]], '5 Stars'),
  one('quem é a Grace?', [finds('Grace', GRACE), ['read_lead', { id: GRACE.id }, GRACE]], 'Empresa: “Navy”'),
  one(
    'Peça ao Investigador para encontrar três concorrentes',
    [['delegate', { persona: 'Investigador', task: 'encontrar três concorrentes' }, 'Feito.']],
    '“Feito.”',
  ),
  one('Olá, tudo bem?', [], 'regras fixas'),
  one('O que você pode fazer?', [], 'encontrar leads'),
  one('Escreve-me um poema sobre o mar e as suas ondas', [], 'não percebi'),
  {
    offered: ['search_leads'],
    turns: [{ says: 'Qual é o nosso saldo?', answers: ['não me deram o necessário para dizer o saldo'] }],
  },
];
