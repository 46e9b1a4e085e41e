import { legible } from '@apollo/contracts';

/** What programs of surveys have in a second heading, below questions that are answered in words. */
const ANSWERED =
  /^(?:open[- ]ended response|offene antwort|freitextantwort|respuesta abierta|resposta aberta|réponse (?:ouverte|libre)|risposta (?:aperta|libera)|open antwoord|(?:other|andere?s?|sonstiges|otr[oa]|outr[oa]|autre|altro) \((?:please specify|bitte (?:angeben|ausführen)|(?:por favor,? )?especifique|préciser|veuillez préciser|specificare|graag toelichten)\))$/iu;
/** What somebody may have answered as well: enough where all that stands there is that. */
const ANSWER = /^(?:response|antwort|respuesta|resposta|réponse|risposta|antwoord)$/iu;
/** What Qualtrics knows its questions by. */
const QUESTION_ID = /^\{\s*"ImportId"\s*:/;

/**
 * Whether a record behind the heading is a second one, as programs of surveys have it: words for how is answered, options
 * of a choice among them, and no address or number; or what their questions are known by, with the questions above it.
 *
 * @param next the record behind it
 */
export function isSurveyHeading(cells: readonly string[], next: readonly string[] = []): boolean {
  if ([cells, next].some(([first = '']) => QUESTION_ID.test(first))) return true;
  const filled = cells.map(legible).filter(Boolean);
  if (filled.length === 0 || filled.some((cell) => cell.includes('@') || /^\D{0,3}\d/.test(cell))) return false;
  return filled.some((cell) => ANSWERED.test(cell)) || filled.every((cell) => ANSWER.test(cell));
}
