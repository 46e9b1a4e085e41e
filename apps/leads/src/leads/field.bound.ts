import { refusedField } from '@apollo/contracts';

/** An amount as its currency and how much it is, so that `12.5 EUR` is `12.50 EUR`. */
const AMOUNT = /^(-?)0*(\d{1,15}(?:\.\d{1,4})?) ([A-Z]{3})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Kinds of custom fields whose values are more or less than each other: as JSON, and what is told of a bound that is none. */
const MEASURED: Readonly<
  Record<string, { readonly json: (bound: string) => string | undefined; readonly problem: string }>
> = {
  number: {
    json: (bound) => (NUMBER.test(bound) ? bound : undefined),
    problem: 'must be a number like 10 or 12.5, as the field holds numbers',
  },
  date: {
    json: (bound) => (DAY.test(bound) ? JSON.stringify(bound) : undefined),
    problem: 'must be a date like 2026-01-31, as the field holds dates',
  },
  money: {
    json: (bound) => {
      const [, minus, digits, currency] = AMOUNT.exec(bound) ?? [];
      return digits === undefined ? undefined : `["${currency}",${minus}${digits}]`;
    },
    problem: 'must be an amount with its currency, like 1200.50 EUR, as the field holds money',
  },
};

/** Whether values of a kind are compared by how much they are, not as text. */
export function isMeasured(kind: string | undefined): boolean {
  return kind !== undefined && Object.hasOwn(MEASURED, kind);
}

/**
 * What values of a custom field are compared with, as JSON; undefined where nothing is asked.
 *
 * @param parameter of the request that it is
 * @throws DomainError `validation_failed` for a bound that no value of the kind could be compared with
 */
export function boundOf(parameter: string, bound: string | undefined, kind: string | undefined): string | undefined {
  if (bound == null) return undefined;
  if (kind === 'multi_select' && parameter !== 'field_is')
    throw refusedField(parameter, 'is for fields of one value each, and this one has several');
  const measure = isMeasured(kind) ? MEASURED[kind ?? ''] : undefined;
  if (!measure) return JSON.stringify(bound);
  const json = measure.json(bound);
  if (json === undefined) throw refusedField(parameter, measure.problem);
  return json;
}
