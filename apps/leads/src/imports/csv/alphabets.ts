import type { Encoding } from './csv.encoding.js';

/** An encoding in which each letter is a byte. */
export type EightBitEncoding = Extract<
  Encoding,
  `windows-${string}` | 'iso-8859-2' | `iso-8859-${5 | 15 | 16}` | `koi8-${string}` | 'ibm866' | `cp${string}`
>;

/** The letters beside those of ASCII that a language is written in, in small, and those of them that are most of all text. */
interface Alphabet {
  readonly language: string;
  readonly letters: string;
  /** Only where all letters of the language lie beyond ASCII. */
  readonly common?: string;
}

const WESTERN: readonly Alphabet[] = [
  { language: 'German', letters: 'äöüß' },
  { language: 'French', letters: 'àâæçéèêëîïôœùûüÿ' },
  { language: 'Spanish', letters: 'áéíñóúüçàèïòªº' },
  { language: 'Portuguese', letters: 'áâãàçéêíóôõúü' },
  { language: 'Italian', letters: 'àèéìíîòóùú' },
  { language: 'a Nordic language', letters: 'åäöæøé' },
  { language: 'Icelandic', letters: 'áðéíóúýþæö' },
  { language: 'Dutch', letters: 'áéëèïíóöúü' },
];
const GERMAN: Alphabet = { language: 'German', letters: 'äöüß' };
/** Romanian as it is written since its letters have commas below. */
const ROMANIAN: Alphabet = { language: 'Romanian', letters: 'ăâîșț' };
const CENTRAL: readonly Alphabet[] = [
  { language: 'Polish', letters: 'ąćęłńóśźż' },
  { language: 'Czech', letters: 'áčďéěíňóřšťúůýž' },
  { language: 'Slovak', letters: 'áäčďéíĺľňóôŕšťúýž' },
  { language: 'Hungarian', letters: 'áéíóöőúüű' },
  { language: 'Romanian', letters: 'ăâîşţ' },
  { language: 'a South Slavic language', letters: 'čćđšž' },
  GERMAN,
];
const CYRILLIC: Alphabet = {
  language: 'Russian, Ukrainian or Bulgarian',
  letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџ',
  common: 'оеаинтсрвл',
};
const KOI8: Alphabet = {
  language: 'Russian or Bulgarian',
  letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюяё',
  common: CYRILLIC.common,
};
const THAI = Array.from({ length: 0x5b }, (_, at) => String.fromCodePoint(0xe01 + at)).join('');

/** What is written in each encoding; of those that fit alike, one that comes first is more usual. */
export const ALPHABETS: Readonly<Record<EightBitEncoding, readonly Alphabet[]>> = {
  'windows-1252': WESTERN,
  'windows-1250': CENTRAL,
  'windows-1254': [{ language: 'Turkish', letters: 'çğıi̇öşüâîû' }, GERMAN],
  'windows-1251': [CYRILLIC],
  'windows-1253': [{ language: 'Greek', letters: 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ', common: 'αοιετνσηςρ' }],
  'windows-1255': [{ language: 'Hebrew', letters: 'אבגדהוזחטיךכלםמןנסעףפץצקרשת׳״', common: 'יוהלאתרמבשנם' }],
  'windows-1256': [
    {
      language: 'Arabic or Persian',
      letters:
        'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکٹڈڑںھہےـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u200c',
      common: 'اليمنرودبتحسع',
    },
  ],
  'windows-1257': [
    { language: 'Lithuanian', letters: 'ąčęėįšųūž' },
    { language: 'Latvian', letters: 'āčēģīķļņšūž' },
    { language: 'Estonian', letters: 'äõöüšž' },
  ],
  'windows-874': [{ language: 'Thai', letters: THAI, common: 'านรอกเงยลวมสิ์ีั' }],
  'koi8-r': [KOI8],
  'koi8-u': [{ ...KOI8, language: 'Ukrainian or Belarusian', letters: `${KOI8.letters}іїєґў` }],
  'iso-8859-5': [CYRILLIC],
  ibm866: [CYRILLIC],
  'iso-8859-2': CENTRAL,
  'iso-8859-15': [...WESTERN, { language: 'Finnish', letters: 'äöåšž' }],
  'iso-8859-16': [ROMANIAN],
  cp850: WESTERN,
  cp852: CENTRAL,
  cp437: WESTERN,
};

/** Encodings that text is taken to be in without a reason of its country's, where others fit alike. */
export const WIDESPREAD: ReadonlySet<Encoding> = new Set([
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
]);

/** Languages of countries that are written otherwise than Windows-1252 has it. */
const USUAL: Readonly<Record<string, Encoding>> = {
  ...Object.fromEntries(['pl', 'cs', 'sk', 'hu', 'ro', 'hr', 'sl', 'bs', 'sq'].map((each) => [each, 'windows-1250'])),
  ...Object.fromEntries(['ru', 'uk', 'bg', 'be', 'mk', 'sr', 'kk', 'ky'].map((each) => [each, 'windows-1251'])),
  ...Object.fromEntries(['ar', 'fa', 'ur', 'ps', 'ckb'].map((each) => [each, 'windows-1256'])),
  ...Object.fromEntries(['lt', 'lv', 'et'].map((each) => [each, 'windows-1257'])),
  el: 'windows-1253',
  tr: 'windows-1254',
  he: 'windows-1255',
  th: 'windows-874',
  ja: 'shift_jis',
  zh: 'gb18030',
  ko: 'euc-kr',
};

/** The encoding that is usual where an organization is. @param country ISO 3166 */
export function usualIn(country: string | undefined): Encoding {
  if (country === undefined) return 'windows-1252';
  const { language, script } = new Intl.Locale('und', { region: country }).maximize();
  return script === 'Hant' ? 'big5' : (USUAL[language] ?? 'windows-1252');
}
