import { countryName } from './country.name.js';
import type { FormatSurvey, Formats } from '../cells/format.survey.js';

/** What a preview says of columns beside their problems. */
export interface ColumnNotes {
  /** Formats that are proposed by the country alone. */
  readonly likely: Formats;
  /**
   * @param kind of the custom field that the column fills; null for none
   * @param ofRows what is to be told of its rows
   */
  of(heading: string, kind: string | null, ofRows?: string): string | null;
}

/** Characters of a note. */
const LONGEST = 500;

/**
 * @param country ISO 3166 of the organization, whose habits are proposed where nothing in the file decides
 * @param doubts heading → what speaks against how its column is read
 */
export function columnNotes(
  survey: FormatSurvey,
  country: string | undefined,
  doubts: ReadonlyMap<string, readonly string[]>,
): ColumnNotes {
  const likely = country === undefined ? {} : survey.likely(country);
  const timed = survey.timed();
  const dates = survey.dateNotes(country);
  return {
    likely,
    of: (heading, kind, ofRows) => {
      const notes: string[] = [...(doubts.get(heading) ?? []), ...(ofRows === undefined ? [] : [ofRows])];
      if (country !== undefined && Object.hasOwn(likely, heading))
        notes.push(
          `Nothing in the file decides the format: it is proposed as is usual in ${countryName(country)}. An import takes it where its formats say so.`,
        );
      if (kind === 'date' && timed.has(heading))
        notes.push('The field holds days: times of day are left out. With text as its kind in kinds, they stay.');
      notes.push(...(dates.get(heading) ?? []));
      return notes.length > 0 ? shortened(notes.join(' ')) : null;
    },
  };
}

/** As much of a note as an answer carries. */
function shortened(note: string): string {
  return note.length > LONGEST ? `${note.slice(0, LONGEST - 1)}…` : note;
}
