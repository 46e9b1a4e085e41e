import type { AnswerText } from './answer.text.js';

/** What the offline model says in Spanish. */
export const SPANISH_TEXT: AnswerText = {
  prefix: 'Modelo sin conexión: ',
  filter: (filter, quote) =>
    [
      filter.query && ` con ${quote(filter.query)}`,
      filter.stage && ` en la etapa ${quote(filter.stage)}`,
      filter.pipeline && ` en el pipeline ${quote(filter.pipeline)}`,
      filter.city && ` de ${quote(filter.city)}`,
      filter.country && ` de ${quote(filter.country)}`,
      filter.tag && ` con la etiqueta ${quote(filter.tag)}`,
      filter.owner && ` de ${quote(filter.owner)}`,
      filter.older_than_days !== undefined && ` con más de ${filter.older_than_days} días`,
    ]
      .filter(Boolean)
      .join(','),
  counted: (count, isLeast, filter) => `hay ${isLeast ? 'al menos ' : ''}${count} ${leads(count)}${filter}.`,
  grouped: (total, lines) => `${total === undefined ? 'los leads' : `los ${total} leads`}, por grupo:\n${lines}`,
  found: (count, more, filter, lines) =>
    `he encontrado ${more ? 'más de ' : ''}${count} ${leads(count)}${filter}:\n${lines}`,
  none: (filter) => `no he encontrado leads${filter}.`,
  lead: (lead, lines) => `esto es lo que se guarda de ${lead}:\n${lines}`,
  labels: {
    contact_name: 'Nombre',
    company: 'Empresa',
    email: 'E-mail',
    phone: 'Teléfono',
    city: 'Ciudad',
    country: 'País',
    site: 'Web',
    state: 'Estado',
    stage: 'Etapa',
    tags: 'Etiquetas',
  },
  created: (name) => `he creado el lead ${name}.`,
  updated: (name, field, value) => `he cambiado ${field} de ${name} a ${value}.`,
  tagged: (name, tag) => `he puesto la etiqueta ${tag} a ${name}.`,
  moved: (name, stage) => `he movido ${name} a ${stage}.`,
  noted: (name, text) => `he añadido la nota ${text} a ${name}.`,
  which: (who, lines) => `hay varios leads para ${who}. ¿Cuál de ellos?\n${lines}`,
  noLead: (who) => `no he encontrado ningún lead para ${who}, así que no he cambiado nada.`,
  nobodyMeant: 'no sé de qué lead se trata. Por favor, dígame su nombre.',
  tooManyMeant: (most) => `son más de los ${most} leads que cambio a la vez. Por favor, redúzcalos primero.`,
  noField: (field) => `no conozco el campo ${field}. Puedo cambiar nombre, e-mail, teléfono, empresa, ciudad y país.`,
  noStage: (stage, stages) => `no hay ninguna etapa ${stage}. Hay: ${stages}.`,
  pipelines: (lines) => `estos son los pipelines con sus etapas:\n${lines}`,
  passages: (lines) => `esto es lo que dicen los documentos:\n${lines}`,
  page: (page) => `página ${page}`,
  noPassages: (topic) => `no he encontrado nada sobre ${topic} en los documentos.`,
  remembered: (text) => `lo recordaré: ${text}.`,
  forgotten: (text) => `he olvidado ${text}.`,
  mail: (name, topic) => ({
    subject: topic === '' ? 'Un breve mensaje' : `Sobre ${topic}`,
    body: `Hola ${name}:\n\nLe escribo${topic === '' ? '' : ` sobre ${topic}`}.\n\nUn cordial saludo`,
  }),
  drafted: (name, subject) =>
    `he preparado un borrador de e-mail para ${name} con el asunto ${subject}. Nada se envía antes de que alguien lo ` +
    'apruebe.',
  delegated: (persona, answer) => `he pasado esto a ${persona}${answer === '' ? '.' : `, que dice: ${answer}`}`,
  balance: ({ available, monthly, pack }) =>
    [
      available === undefined ? 'este es el saldo.' : `hay ${available} Stars disponibles.`,
      monthly === undefined ? '' : ` Mensuales: ${monthly}.`,
      pack === undefined ? '' : ` Paquete: ${pack}.`,
    ].join(''),
  greeting: '¡hola! Trabajo con reglas fijas, sin modelo de lenguaje. Pregúnteme qué puedo hacer.',
  thanks: 'de nada.',
  identity:
    'soy apollo-offline-1, el modelo sin conexión: ni modelo de lenguaje ni persona, sino reglas fijas que leen frases ' +
    'sencillas en español, inglés y portugués.',
  help: (abilities) => `trabajo con reglas fijas, sin modelo de lenguaje. Con lo que me han dado, puedo:\n${abilities}`,
  noHelp: 'trabajo con reglas fijas, sin modelo de lenguaje, y no me han dado herramientas: aquí no puedo hacer nada.',
  impossible: 'no puedo hacer eso, así que no he hecho nada. Pregúnteme qué puedo hacer.',
  unknown:
    'no lo he entendido, así que no he hecho nada. No soy un modelo de lenguaje y solo entiendo frases sencillas, como ' +
    '“¿cuántos leads hay en Qualified?”. Pregúnteme qué puedo hacer.',
  stopped: 'ya he dado más pasos de los que esto debería exigir, así que paro aquí.',
  hindered: {
    not_offered: (ability) => `no me han dado lo necesario para ${ability}, así que no puedo hacerlo aquí.`,
    unfit: (ability) => `no puedo ${ability} con estas palabras: no caben en lo que se pide. No he hecho nada de ello.`,
    denied: (ability, reason) => `no se me ha permitido ${ability}${reason}.`,
    failed: (ability, reason) => `he intentado ${ability} y ha fallado${reason}.`,
    strange: (ability) => `he intentado ${ability} y no entiendo lo que ha vuelto.`,
  },
  abilities: {
    search_leads: 'encontrar leads',
    count_leads: 'contar leads',
    read_lead: 'mostrar un lead',
    create_lead: 'crear un lead',
    update_lead: 'cambiar un lead',
    move_lead: 'mover un lead a otra etapa',
    add_note: 'añadir una nota a un lead',
    list_pipelines: 'listar pipelines y etapas',
    read_documents: 'buscar algo en los documentos',
    remember: 'recordar algo',
    forget: 'olvidar algo',
    draft_email: 'redactar un e-mail',
    delegate: 'pasar una tarea a otra persona',
    read_balance: 'decir el saldo de Stars',
  },
};

function leads(count: number): string {
  return count === 1 ? 'lead' : 'leads';
}
