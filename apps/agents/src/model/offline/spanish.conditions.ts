import type { LanguageConditions } from './intent.kinds.js';

/** What is said of leads in Spanish. */
export const SPANISH_CONDITIONS: LanguageConditions = {
  filters: [
    ['stage', 'en [la] (etapa|fase) [de] {value}'],
    ['pipeline', 'en [el] (pipeline|embudo) [de] {value}'],
    [
      'older_than_days',
      '[que] [tienen|tiene|con|de] más de {value}',
      '(más antiguos|más antiguas|más viejos) (que|de) {value}',
      '(creados|creadas|añadidos|añadidas) hace más de {value}',
      '[de] hace más de {value}',
    ],
    ['tag', 'con [la] (etiqueta|tag) {value}', '(marcados|marcadas|etiquetados|etiquetadas) (con|como) {value}'],
    ['owner', '(asignados|asignadas|pertenecientes) (a|al) {value}', 'que pertenecen (a|al) {value}'],
    ['country', '(en el|del) país {value}'],
    ['city', '(de|del|de la) {value}', '(en la ciudad de|de la ciudad de|con sede en) {value}'],
    ['query', '(llamados|llamadas|con el nombre|de la empresa|en la empresa) {value}'],
    ['place', 'en {value}'],
  ],
  details: [
    ['email', '[con] [el] (e-mail|email|mail|correo|correo electrónico) [:] {value}', '[con] {value}'],
    ['phone', '[con] [el] (teléfono|número|móvil|celular) [:] {value}'],
    ['tags', 'con [la] (etiqueta|tag) {value}'],
    ['company', '(de la empresa|en la empresa|empresa) {value}', '(del|de la) {value}'],
    ['city', '(de|en|ciudad) {value}'],
  ],
  connectors: ['y', 'pero', 'que (son|están|tienen|es|está|tiene)', '(son|están|tienen|es)', 'también', 'todavía'],
};
