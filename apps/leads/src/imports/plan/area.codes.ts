import { inForm } from '@apollo/contracts';
import { plainWords } from './plain.words.js';

const PHONE = '(?:phone|telephone|tel|mobile|cell|telefone|telefono|telefon|celular|fone|whatsapp)';
const CODES = [
  ...['area code', 'areacode', 'city code', 'std code', 'diall?ing code', 'ddd', '(?:cod|codigo) (?:de )?area', 'lada'],
  ...['clave lada', 'prefijo', 'prefijo telefonico', 'prefisso', 'prefisso telefonico', 'indicativo', 'alan kodu'],
  ...['(?:orts)?vorwahl', 'vorwahlnummer', '(?:numer |nr )?kierunkowy', 'netnummer', 'kengetal', 'riktnummer'],
  ...['suuntanumero', 'predvolba', 'korzetszam', 'код города', '市外局番', '区号', '區號', '지역번호'],
];
// Headings are compared in the form that takes letters apart.
const AREA_CODE = new RegExp(
  `^(?:${PHONE} (?:number |nummer )?)?(?:${inForm(CODES.join('|'), 'NFKD')})(?: (?:d[eo] )?${PHONE})?(?: [1-4])?$`,
  'u',
);

/** Whether a heading says that its column names the codes that are dialled before numbers of an area. */
export function isAreaCodeNamed(heading: string): boolean {
  return AREA_CODE.test(plainWords(heading));
}

/** The columns of area codes of a list, found once for all its phones. */
export function areaCodeColumns(names: readonly string[]): number[] {
  return names.flatMap((name, at) => (isAreaCodeNamed(name) ? [at] : []));
}

/** Of columns of area codes, that of a column of phones: the nearest one, rather before it; undefined where there is none. */
export function nearestAreaCode(columns: readonly number[], phones: number): number | undefined {
  const others = columns.filter((at) => at !== phones);
  return others.toSorted((a, b) => Math.abs(a - phones + 0.1) - Math.abs(b - phones + 0.1))[0];
}
