import { ADA, ADAM, finds, GRACE, list, moved, noted, PIPELINES, pipelines, type Task } from './offline.tasks.spec.js';

const one = (says: string, does: Task['turns'][number]['does'], ...answers: string[]): Task => ({
  turns: [{ says, does, answers }],
});

/** Tasks in Spanish, each a whole conversation. */
export const SPANISH_TASKS: readonly Task[] = [
  one(
    '¿Cuántos leads hay en Qualified?',
    [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
    'hay 12 leads',
    '“Qualified”',
  ),
  one(
    '¿Cuántos leads tenemos en la etapa Negociación?',
    [['count_leads', { stage: 'Negotiation' }, { total: 1 }]],
    'hay 1 lead ',
  ),
  one('cuantos leads hay', [['count_leads', {}, { total: 9 }]], 'hay 9 leads.'),
  one('¿Cuántos leads son de España?', [['count_leads', { country: 'España' }, { total: 4 }]], 'de “España”'),
  one(
    '¿cuántos leads están en Sevilla?',
    [pipelines, ['count_leads', { city: 'Sevilla' }, { total: 2 }]],
    'de “Sevilla”',
  ),
  one(
    '¿Cuántos leads hay por etapa?',
    [['count_leads', { group_by: 'stage' }, { total: 3, groups: [{ key: 'New', count: 3 }] }]],
    '“New”: 3',
  ),
  {
    turns: [
      {
        says: '¿Cuántos leads hay en Qualified?',
        does: [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
        answers: ['12'],
      },
      {
        says: '¿Cuáles de ellos son de Lisboa y tienen más de un mes?',
        does: [
          ['search_leads', { stage: 'Qualified', city: 'Lisboa', older_than_days: 30, limit: 10 }, list(GRACE, ADA)],
        ],
        answers: ['he encontrado 2 leads', 'Grace Hopper'],
      },
      {
        says: 'Añade una nota a cada uno de ellos: llamar',
        does: [[noted(GRACE.id, 'llamar'), noted(ADA.id, 'llamar')]],
        answers: ['Grace Hopper', 'Ada Lovelace'],
      },
    ],
  },
  one(
    'Muéstrame los leads con la etiqueta vip',
    [['search_leads', { tag: 'vip', limit: 10 }, list(ADA)]],
    'Ada Lovelace',
  ),
  one(
    'Añade una nota a Ada: devolver la llamada',
    [finds('Ada', ADA), noted(ADA.id, 'devolver la llamada')],
    'he añadido la nota',
  ),
  {
    turns: [
      { says: 'agrega una nota a Ada: llamar', does: [finds('Ada', ADA, ADAM)], answers: ['varios leads', 'Cuál'] },
      { says: 'la de Engines', does: [noted(ADAM.id, 'llamar')], answers: ['“Ada Byron”'] },
    ],
  },
  one(
    'Mueve a Grace Hopper a Negotiation',
    [finds('Grace Hopper', GRACE), moved(GRACE.id, 'Negotiation')],
    'he movido',
  ),
  one('pasa Grace a la etapa negociación', [finds('Grace', GRACE), moved(GRACE.id, 'Negotiation')], 'he movido'),
  one(
    'Redacta un correo para Grace sobre la oferta de otoño',
    [
      finds('Grace', GRACE),
      [
        'draft_email',
        {
          lead_id: GRACE.id,
          subject: 'Sobre oferta de otoño',
          body: 'Hola Grace Hopper:\n\nLe escribo sobre oferta de otoño.\n\nUn cordial saludo',
        },
        { id: ADA.id },
      ],
    ],
    'borrador',
    'Nada se envía',
  ),
  one(
    '¿Qué dice nuestra lista de precios sobre descuentos?',
    [
      [
        'read_documents',
        { query: 'descuentos', document: 'lista de precios' },
        list({ text: 'Diez por ciento.', title: 'Precios.pdf', page: 2 }),
      ],
    ],
    '“Diez por ciento.” (“Precios.pdf”, página 2)',
  ),
  one(
    '¿Qué dicen nuestros documentos sobre vacaciones?',
    [['read_documents', { query: 'vacaciones' }, list({ text: 'Treinta días.', document: 'Reglas', page: 1 })]],
    '“Treinta días.” (“Reglas”, página 1)',
  ),
  one('Recuerda que cerramos los viernes', [['remember', { text: 'cerramos los viernes' }, {}]], 'lo recordaré'),
  one('olvida lo que dije sobre los viernes', [['forget', { text: 'los viernes' }, {}]], 'he olvidado'),
  one('¿Cuál es nuestro saldo?', [['read_balance', {}, { available: 480 }]], '480 Stars'),
  one('¿cuáles son nuestros pipelines?', [['list_pipelines', {}, PIPELINES]], '“Sales”'),
  one(
    'Crea un lead llamado Alan Turing de la empresa Bletchley en Londres con el correo alan@example.test',
    [
      [
        'create_lead',
        { contact_name: 'Alan Turing', company: 'Bletchley', city: 'Londres', email: 'alan@example.test' },
        ADA,
      ],
    ],
    'he creado el lead “Alan Turing”',
  ),
  one(
    'cambia la ciudad de Ada a Oporto',
    [finds('Ada', ADA), ['update_lead', { id: ADA.id, fields: { city: 'Oporto' } }, ADA]],
    'Ciudad',
  ),
  one('Cambia la etapa de Grace a Ganado', [finds('Grace', GRACE), moved(GRACE.id, 'Won')], '“Won”'),
  one('¿Cuánto saldo nos queda?', [['read_balance', {}, { available: 5 }]], '5 Stars'),
  one('¿quién es Grace?', [finds('Grace', GRACE), ['read_lead', { id: GRACE.id }, GRACE]], 'Empresa: “Navy”'),
  one(
    'Pide al Investigador que busque tres competidores',
    [['delegate', { persona: 'Investigador', task: 'busque tres competidores' }, { text: 'Hecho.' }]],
    '“Hecho.”',
  ),
  one('¡Hola!', [], 'reglas fijas'),
  one('¿Qué puedes hacer?', [], 'encontrar leads'),
  one('Escríbeme un poema sobre el mar y sus olas', [], 'no lo he entendido'),
  {
    offered: ['search_leads'],
    turns: [{ says: '¿Cuál es nuestro saldo?', answers: ['no me han dado lo necesario para decir el saldo'] }],
  },
];
