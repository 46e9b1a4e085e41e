import type { LanguageConditions } from './intent.kinds.js';

/** What is said of leads in Portuguese. */
export const PORTUGUESE_CONDITIONS: LanguageConditions = {
  filters: [
    ['stage', '(em|no|na) (etapa|fase|estágio) [de] {value}', '(na etapa|no estágio|na fase) [de] {value}'],
    ['pipeline', '(em|no|na) (pipeline|funil) [de] {value}'],
    [
      'older_than_days',
      '[que] [têm|tem|com] mais de {value}',
      '(mais antigos|mais antigas|mais velhos) [do] que {value}',
      '(criados|criadas|adicionados|adicionadas) há mais de {value}',
      'há mais de {value}',
    ],
    ['tag', 'com [a] (etiqueta|tag) {value}', '(marcados|marcadas|etiquetados) (com|como) {value}'],
    ['owner', '(atribuídos|atribuídas|pertencentes) (a|ao|à) {value}', 'que pertencem (a|ao|à) {value}'],
    ['country', '(no|do) país {value}'],
    ['city', '(de|do|da|dos|das) {value}', '(na cidade de|da cidade de|com sede em) {value}'],
    ['query', '(chamados|chamadas|com o nome|da empresa|na empresa) {value}'],
    ['place', '(em|no|na|nos|nas) {value}'],
  ],
  details: [
    ['email', '[com] [o] (e-mail|email|mail) [:] {value}', '[com] {value}'],
    ['phone', '[com] [o] (telefone|número|telemóvel|celular) [:] {value}'],
    ['tags', 'com [a] (etiqueta|tag) {value}'],
    ['company', '(da empresa|na empresa|empresa) {value}', '(da|do|na|no) {value}'],
    ['city', '(de|em|cidade) {value}'],
  ],
  connectors: ['e', 'mas', 'que (são|estão|têm|é|está|tem)', '(são|estão|têm|é)', 'também', 'ainda'],
};
