import type { AnswerText } from './answer.text.js';

/** What the offline model says in Portuguese. */
export const PORTUGUESE_TEXT: AnswerText = {
  prefix: 'Modelo offline: ',
  filter: (filter, quote) =>
    [
      filter.query && ` com ${quote(filter.query)}`,
      filter.stage && ` na etapa ${quote(filter.stage)}`,
      filter.pipeline && ` no pipeline ${quote(filter.pipeline)}`,
      filter.city && ` de ${quote(filter.city)}`,
      filter.country && ` de ${quote(filter.country)}`,
      filter.tag && ` com a etiqueta ${quote(filter.tag)}`,
      filter.owner && ` de ${quote(filter.owner)}`,
      filter.older_than_days !== undefined && ` com mais de ${filter.older_than_days} dias`,
    ]
      .filter(Boolean)
      .join(','),
  counted: (count, isLeast, filter) => `há ${isLeast ? 'pelo menos ' : ''}${count} ${leads(count)}${filter}.`,
  grouped: (total, lines) => `${total === undefined ? 'os leads' : `todos os ${total} leads`}, por grupo:\n${lines}`,
  found: (count, more, filter, lines) =>
    `encontrei ${more ? 'mais de ' : ''}${count} ${leads(count)}${filter}:\n${lines}`,
  none: (filter) => `não encontrei leads${filter}.`,
  lead: (lead, lines) => `isto é o que está guardado de ${lead}:\n${lines}`,
  labels: {
    contact_name: 'Nome',
    company: 'Empresa',
    email: 'E-mail',
    phone: 'Telefone',
    city: 'Cidade',
    country: 'País',
    site: 'Site',
    state: 'Estado',
    stage: 'Etapa',
    tags: 'Etiquetas',
  },
  created: (name) => `criei o lead ${name}.`,
  updated: (name, field, value) => `alterei ${field} de ${name} para ${value}.`,
  tagged: (name, tag) => `marquei ${name} com a etiqueta ${tag}.`,
  moved: (name, stage) => `movi ${name} para ${stage}.`,
  noted: (name, text) => `adicionei a nota ${text} a ${name}.`,
  which: (who, lines) => `há vários leads para ${who}. Qual deles?\n${lines}`,
  noLead: (who) => `não encontrei nenhum lead para ${who}, por isso não alterei nada.`,
  nobodyMeant: 'não sei de que lead se trata. Por favor, diga-me o nome.',
  tooManyMeant: (most) => `são mais do que os ${most} leads que altero de uma vez. Por favor, restrinja-os primeiro.`,
  noField: (field) => `não conheço o campo ${field}. Posso alterar nome, e-mail, telefone, empresa, cidade e país.`,
  noStage: (stage, stages) => `não há nenhuma etapa ${stage}. Há: ${stages}.`,
  pipelines: (lines) => `estes são os pipelines com as suas etapas:\n${lines}`,
  passages: (lines) => `isto é o que dizem os documentos:\n${lines}`,
  page: (page) => `página ${page}`,
  noPassages: (topic) => `não encontrei nada sobre ${topic} nos documentos.`,
  remembered: (text) => `vou lembrar-me: ${text}.`,
  forgotten: (text) => `esqueci ${text}.`,
  mail: (name, topic) => ({
    subject: topic === '' ? 'Uma breve mensagem' : `Sobre ${topic}`,
    body: `Olá ${name},\n\nEscrevo-lhe${topic === '' ? '' : ` sobre ${topic}`}.\n\nCom os melhores cumprimentos`,
  }),
  drafted: (name, subject) =>
    `preparei um rascunho de e-mail para ${name} com o assunto ${subject}. Nada é enviado antes de alguém o aprovar.`,
  delegated: (persona, answer) => `passei isto a ${persona}${answer === '' ? '.' : `, que diz: ${answer}`}`,
  balance: ({ available, monthly, pack }) =>
    [
      available === undefined ? 'este é o saldo.' : `há ${available} Stars disponíveis.`,
      monthly === undefined ? '' : ` Mensais: ${monthly}.`,
      pack === undefined ? '' : ` Pacote: ${pack}.`,
    ].join(''),
  greeting: 'olá! Trabalho por regras fixas, sem modelo de linguagem. Pergunte-me o que posso fazer.',
  thanks: 'de nada.',
  identity:
    'sou o apollo-offline-1, o modelo offline: nem modelo de linguagem nem pessoa, mas regras fixas que leem frases ' +
    'simples em português, inglês e espanhol.',
  help: (abilities) => `trabalho por regras fixas, sem modelo de linguagem. Com o que me deram, posso:\n${abilities}`,
  noHelp: 'trabalho por regras fixas, sem modelo de linguagem, e não me deram ferramentas: nada posso fazer aqui.',
  impossible: 'não posso fazer isso, por isso não fiz nada. Pergunte-me o que posso fazer.',
  unknown:
    'não percebi, por isso não fiz nada. Não sou um modelo de linguagem e só entendo frases simples, como ' +
    '“quantos leads há em Qualified?”. Pergunte-me o que posso fazer.',
  stopped: 'já dei mais passos do que isto devia exigir, por isso paro aqui.',
  hindered: {
    not_offered: (ability) => `não me deram o necessário para ${ability}, por isso não o posso fazer aqui.`,
    unfit: (ability) => `não posso ${ability} com estas palavras: não cabem no que é pedido. Não fiz nada disso.`,
    denied: (ability, reason) => `não me foi permitido ${ability}${reason}.`,
    failed: (ability, reason) => `tentei ${ability} e falhou${reason}.`,
    strange: (ability) => `tentei ${ability} e não entendo o que veio de volta.`,
  },
  abilities: {
    search_leads: 'encontrar leads',
    count_leads: 'contar leads',
    read_lead: 'mostrar um lead',
    create_lead: 'criar um lead',
    update_lead: 'alterar um lead',
    move_lead: 'mover um lead para outra etapa',
    add_note: 'adicionar uma nota a um lead',
    list_pipelines: 'listar pipelines e etapas',
    read_documents: 'procurar algo nos documentos',
    remember: 'lembrar algo',
    forget: 'esquecer algo',
    draft_email: 'rascunhar um e-mail',
    delegate: 'passar uma tarefa a outra persona',
    read_balance: 'dizer o saldo de Stars',
  },
};

function leads(count: number): string {
  return count === 1 ? 'lead' : 'leads';
}
