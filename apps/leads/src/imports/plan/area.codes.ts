import { inForm } from '@apollo/contracts';
import { plainWords } from './heading.words.js';

const PHONE = '(?:phone|telephone|tel|mobile|cell|telefone|telefono|telefon|celular|fone|whatsapp)';
const CODES = [
  ...['area code', 'areacode', 'city code', 'std code', 'diall?ing code', 'ddd', '(?:cod|codigo) (?:de )?area', 'lada'],
  ...['clave lada', 'prefijo', 'prefijo telefonico', 'prefisso', 'prefisso telefonico', 'indicativo', 'alan kodu'],
  ...['(?:orts)?vorwahl', 'vorwahlnummer', '(?:numer |nr )?kierunkowy', 'netnummer', 'kengetal', 'riktnummer'],
  ...['suuntanumero', 'predvolba', 'korzetszam', 'код города', '市外局番', '区号', '區號', '지역번호'],
];
// Headings are compared in the form that takes letters apart.
const AREA_CODE = new RegExp(
  `^(?:${PHONE} )?(?:${inForm(CODES.join('|'), 'NFKD')})(?: (?:d[eo] )?${PHONE})?(?: [1-4])?$`,
  'u',
);

/** Whether a heading says that its column names the codes that are dialled before numbers of an area. */
export function isAreaCodeNamed(heading: string): boolean {
  return AREA_CODE.test(plainWords(heading));
}

/** The column with the area codes of a column of phones: the nearest one, rather before it; undefined where there is none. */
export function areaCodeColumn(names: readonly string[], phones: number): number | undefined {
  const found = names.flatMap((name, at) => (at !== phones && isAreaCodeNamed(name) ? [at] : []));
  return found.toSorted((a, b) => Math.abs(a - phones + 0.1) - Math.abs(b - phones + 0.1))[0];
}
