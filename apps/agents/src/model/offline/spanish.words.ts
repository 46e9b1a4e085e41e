import { SPANISH_CONDITIONS } from './spanish.conditions.js';
import { COUNTRIES } from './country.list.js';
import type { LanguageWords } from './intent.kinds.js';

const LEADS = '(leads|contactos|clientes potenciales|prospectos)';
const MAIL = '(e-mail|email|mail|correo|correo electrónico|mensaje)';
const SAYING = 'diciendo que|diciendo|que diga que|que diga|que dice|con el texto';
const OUR = '[nuestro|nuestra|nuestros|nuestras|mi|mis|el|la|los|las]';
const TO = '(a|al|para|para el|para la|a la)';
const OF = '(de|del|de la)';

/** The grammar of Spanish. */
export const SPANISH: LanguageWords = {
  language: 'es',
  markers: (
    'cuántos cuántas cuáles cuál qué una un nota para los las el la de del hay tenemos existen son están con en al y más ' +
    'días mes meses semana semanas año ellos ellas nuestro nuestra gracias hola saldo muestra muéstrame lista añade ' +
    'agrega mueve recuerda olvida escribe sobre dice quién leads'
  ).split(' '),
  openers: [
    'por favor',
    'ok',
    'vale',
    'y',
    'entonces',
    'ahora',
    'luego',
    'después',
    'también',
    '(puedes|puede|podrías|podría) [por favor]',
    '(quiero|quisiera|me gustaría) [que]',
    'necesito [que]',
  ],
  closers: ['por favor', 'gracias', 'ahora', 'hoy', 'para mí', 'en este momento'],
  sequence: ['[,] y (luego|después)', '[,|;|.] (luego|después)', ';', '[,|.] a continuación'],
  intents: [
    [
      'greeting',
      '(hola|buenos días|buenas tardes|buenas noches|buenas) [a todos|de nuevo]',
      '[hola ,] (qué tal|cómo estás|cómo está)',
    ],
    ['thanks', '(gracias|muchas gracias|genial|perfecto|estupendo|muy bien)'],
    [
      'identity',
      'quién eres [tú]',
      'qué eres [tú]',
      'quién es usted',
      '(eres|es usted) (humano|humana|una persona|un robot|un bot)',
      'qué modelo eres',
    ],
    [
      'help',
      'ayuda',
      'ayúdame',
      'ayúdeme',
      'qué (puedes|puede|sabes|sabe) hacer',
      'cómo (me puedes|puedes|me puede|puede) [ayudar|ayudarme]',
    ],
    [
      'impossible',
      '(borra|borre|borrar|elimina|elimine|exporta|exporte|importa|importe|llama|llame|invita|invite|aprueba|apruebe|paga|pague|compra|compre) {topic}',
    ],

    [
      'balance',
      `cuál es ${OUR} saldo [de stars|de estrellas]`,
      '(cuántas|cuántos) (stars|estrellas) (tenemos|tengo|hay|quedan|nos quedan)',
      `[muestra|muéstrame|ver] ${OUR} (saldo|cartera|monedero)`,
      'cuánto (tenemos|queda|nos queda)',
    ],
    [
      'remember',
      '(recuerda|recuerde|memoriza|memorice|guarda|guarde|no olvides|no olvide|ten en cuenta|tenga en cuenta) [:] [que] {text}',
    ],
    [
      'forget',
      '(olvida|olvide|olvídate|olvídese) [de|del|de la] [todo sobre|lo que dije sobre|lo que sabes sobre|lo que sabe sobre|que|:] {text}',
    ],

    [
      'count_by',
      `cuántos ${LEADS} (hay|tenemos|existen) (por|en cada) {group}`,
      `cuántos ${LEADS} (por|en cada) {group}`,
      `(cuenta|cuente|agrupa|agrupe) [los|nuestros] ${LEADS} por {group}`,
      `${LEADS} por {group}`,
    ],
    ['narrow_count', '(cuántos|cuántas) de (ellos|ellas|esos|esas|estos|estas) [son|están|tienen|hay] {filter}'],
    [
      'count',
      `cuántos ${LEADS} [hay|tenemos|existen|están|son|tienen] {filter}`,
      `(cuenta|cuente|número de|cuál es el número de) [los|todos los|nuestros] ${LEADS} {filter}`,
      '(cuántos|cuántas) [hay|tenemos|existen|están|son] {filter}',
    ],
    [
      'narrow',
      '(cuáles|cuál) de (ellos|ellas|esos|esas|estos|estas) [son|es|están|tienen|tiene|hay] {filter}',
      '(solo|sólo|solamente) (los|las|esos|aquellos) [que son|que tienen] {filter}',
    ],
    [
      'search',
      `(muestra|muestre|muéstrame|muéstreme|lista|liste|encuentra|encuentre|busca|busque|dame|deme|ver) [los|todos los|todos nuestros|nuestros] ${LEADS} {filter}`,
    ],
    [
      'search',
      `(qué|cuáles) ${LEADS} [tenemos|hay|existen|son|están|tienen] {filter}`,
      `cuáles son [los|nuestros] ${LEADS} {filter}`,
      'quién [tenemos|es|está] {filter}',
      `[los|todos los|nuestros] ${LEADS} {filter}`,
    ],

    [
      'documents',
      `qué (dice|dicen|pone|hay) [en] ${OUR} {document} (sobre|acerca de|respecto a) {topic}`,
      `qué (dice|dicen) ${OUR} {document}`,
    ],
    [
      'documents',
      '(busca|busque|mira|mire) en [los|nuestros] documentos [por|sobre|acerca de] {topic}',
      '(busca|busque) {topic} en [los|nuestros|nuestra|nuestro|el|la] {document}',
      `según ${OUR} {document} [,] {topic}`,
    ],
    [
      'pipelines',
      `(muestra|muestre|muéstrame|lista|liste|cuáles son|qué|cuáles) ${OUR} (pipelines|embudos|etapas|fases) [tenemos|hay|existen]`,
    ],

    [
      'draft',
      `(redacta|redacte|escribe|escriba|prepara|prepare|envía|envíe|manda|mande) (un|una|el) [nuevo] [borrador de] ${MAIL} ${TO} {lead} (sobre|acerca de|respecto a) [el|la|los|las] {topic}`,
    ],
    [
      'draft',
      `(redacta|redacte|escribe|escriba|prepara|prepare|envía|envíe|manda|mande) (un|una|el) [nuevo] [borrador de] ${MAIL} ${TO} {lead} [,] (:|${SAYING}) [:] {text}`,
    ],
    [
      'draft',
      `(redacta|redacte|escribe|escriba|prepara|prepare|envía|envíe|manda|mande) (un|una|el) [nuevo] ${MAIL} ${TO} {lead}`,
    ],
    [
      'note',
      `(añade|añada|agrega|agregue|pon|ponga|escribe|escriba|deja|deje|crea|cree) una [nueva] (nota|anotación) (a|al|a la|para|en|sobre) {lead} [,] (:|${SAYING}|que) [:] {text}`,
      '(nota|anotación) (para|sobre|en) {lead} : {text}',
      '(anota|anote) (en|para) {lead} : {text}',
    ],
    ['move', `(cambia|cambie|modifica|modifique) la (etapa|fase) ${OF} {lead} a {stage}`],
    [
      'update',
      `(cambia|cambie|actualiza|actualice|corrige|corrija|modifica|modifique) [el|la] {field} ${OF} {lead} (a|por) {value}`,
    ],
    [
      'move',
      '(mueve|mueva|pasa|pase|pon|ponga|cambia|cambie|avanza|avance) [a|al] {lead} (a|en|hacia|para) [la] [etapa|fase] [de] {stage}',
      '(marca|marque) [a|al] {lead} como {stage}',
    ],
    [
      'tag',
      '(etiqueta|etiquete) [a|al] {lead} (con|como) {tag}',
      '(marca|marque) [a|al] {lead} con [la] (etiqueta|tag) {tag}',
      `(añade|añada|pon|ponga) la (etiqueta|tag) {tag} ${TO} {lead}`,
    ],
    [
      'create',
      '(crea|cree|añade|añada|agrega|agregue|registra|registre|nuevo) [un|el] [nuevo] (lead|contacto|prospecto) [llamado|llamada|de nombre|para|:] {name} [,] {details}',
      '(crea|cree|añade|añada|agrega|agregue|registra|registre) [a] {name} como [un] [nuevo] (lead|contacto|prospecto) [,] {details}',
    ],
    [
      'delegate',
      '(pide|pida|pídele|dile|diga) (a|al|a la) {persona} que {task}',
      '(delega|delegue|pasa|pase) [esto] (a|al|a la|en) {persona} : {task}',
    ],
    [
      'show',
      '(muestra|muestre|muéstrame|muéstreme|abre|abra|lee|lea) [a|el|la] [lead|contacto] {lead}',
      'qué sabemos (sobre|de|del) {lead}',
      '(háblame|hábleme|cuéntame|cuénteme) [más] (sobre|de|del) {lead}',
      'quién es {lead}',
      `cuál es [el|la] {field} ${OF} {lead}`,
    ],
    ['search', '(encuentra|encuentre|busca|busque) [a|al|por] {query}'],
  ],
  conditions: SPANISH_CONDITIONS,
  numbers: {
    un: 1,
    una: 1,
    uno: 1,
    dos: 2,
    tres: 3,
    cuatro: 4,
    cinco: 5,
    seis: 6,
    siete: 7,
    ocho: 8,
    nueve: 9,
    diez: 10,
    once: 11,
    doce: 12,
  },
  units: { dia: 1, dias: 1, semana: 7, semanas: 7, mes: 30, meses: 30, ano: 365, anos: 365 },
  fields: {
    nombre: 'contact_name',
    'e-mail': 'email',
    email: 'email',
    mail: 'email',
    correo: 'email',
    'correo electrónico': 'email',
    teléfono: 'phone',
    móvil: 'phone',
    celular: 'phone',
    número: 'phone',
    empresa: 'company',
    ciudad: 'city',
    país: 'country',
    web: 'site',
    sitio: 'site',
    estado: 'state',
  },
  groups: {
    etapa: 'stage',
    etapas: 'stage',
    fase: 'stage',
    pipeline: 'pipeline',
    embudo: 'pipeline',
    ciudad: 'city',
    ciudades: 'city',
    país: 'country',
    países: 'country',
    responsable: 'owner',
    dueño: 'owner',
    etiqueta: 'tag',
    tag: 'tag',
  },
  one: ['él', 'ella', 'el lead', 'ese lead', 'este lead', 'ese contacto', 'ese', 'esa', 'este', 'esta', 'lo', 'la'],
  many: [
    'ellos',
    'ellas',
    'todos ellos',
    'todas ellas',
    'cada uno',
    'cada uno de ellos',
    'cada una',
    'todos',
    'todas',
    'esos leads',
    'estos leads',
  ],
  ordinals: {
    primero: 1,
    primera: 1,
    segundo: 2,
    segunda: 2,
    tercero: 3,
    tercera: 3,
    cuarto: 4,
    cuarta: 4,
    quinto: 5,
    quinta: 5,
    último: -1,
    última: -1,
    uno: 1,
    dos: 2,
    tres: 3,
  },
  stages: {
    nuevo: 'New',
    nuevos: 'New',
    calificado: 'Qualified',
    calificados: 'Qualified',
    cualificado: 'Qualified',
    cualificados: 'Qualified',
    'en conversación': 'In conversation',
    'propuesta enviada': 'Proposal sent',
    negociación: 'Negotiation',
    ganado: 'Won',
    ganados: 'Won',
    perdido: 'Lost',
    perdidos: 'Lost',
  },
  countries: COUNTRIES.es,
};
