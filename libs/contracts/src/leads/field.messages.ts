import { Choice, Flag, NestedList, Nullable, Optional, Text, TextList, Uuid } from '../message/fields.js';

/** Characters of a custom field's text at most: of a note as people write it. */
export const CUSTOM_TEXT = 10_000;
/** The custom fields of a lead. */
export const CUSTOM_FIELDS = { keys: 100, length: CUSTOM_TEXT };

/**
 * A value of kind `money` is text: an amount with its currency, such as `1200.50 EUR`. It is kept with all decimals of
 * the currency or, where it is whole, with none: `12.5 EUR` as `12.50 EUR`, `5.00 EUR` as `5 EUR`.
 */
export const FIELD_KINDS = ['text', 'number', 'date', 'select', 'multi_select', 'money'] as const;

export class LeadField {
  @Uuid() id!: string;
  /** Key inside `custom_fields`. */
  @Text({ max: 60 }) key!: string;
  @Text({ max: 100 }) label!: string;
  @Choice<string>(FIELD_KINDS) kind!: string;
  @TextList({ max: 100, length: 100 }) options!: string[];
  @Flag() archived!: boolean;
}

export class LeadFieldList {
  @NestedList(() => LeadField, { max: 200 }) items!: LeadField[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class CreateLeadFieldRequest {
  @Text({
    max: 60,
    pattern: /^[a-z][a-z0-9_]*$/,
    message: '$property must be lower-case letters, digits and underscores',
  })
  key!: string;
  @Text({ max: 100 }) label!: string;
  @Choice<string>(FIELD_KINDS) kind!: string;
  /** For select and multi_select. */
  @Optional() @TextList({ max: 100, length: 100 }) options?: string[];
}

export class UpdateLeadFieldRequest {
  @Uuid() id!: string;
  @Optional() @Text({ max: 100 }) label?: string;
  @Optional() @TextList({ max: 100, length: 100 }) options?: string[];
  @Optional() @Flag() archived?: boolean;
}
