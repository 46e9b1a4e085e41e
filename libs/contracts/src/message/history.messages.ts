import { Flag, Instant, Int, NestedList, Nullable, Optional, Text, TextList, Uuid } from './fields.js';

const place = {
  max: 60,
  pattern: /^[0-9]{1,18}(?:\.[0-9a-f-]{36})?$/,
  message: '$property must be a mark from an earlier answer',
};
const versions = { min: 0, max: Number.MAX_SAFE_INTEGER };

export class EventHeadsRequest {
  /** The mark of an earlier answer; without one the history is told from its beginning. */
  @Optional() @Text(place) mark?: string;
  /** Kinds of entity the asker follows; all there are where it does not say. */
  @Optional() @TextList({ max: 50, length: 60 }) entities?: string[];
}

/** That an event was written, without what it says. */
export class EventHead {
  @Uuid() org_id!: string;
  @Text({ max: 60 }) entity!: string;
  @Uuid() entity_id!: string;
  @Int(versions) entity_version!: number;
}

export class EventHeads {
  /** Whatever is committed by now and was in no answer yet is told after it. */
  @Text(place) mark!: string;
  /** Some may come twice. */
  @NestedList(() => EventHead, { max: 1_000 }) items!: EventHead[];
  /** False when there is more to tell at once. */
  @Flag() complete!: boolean;
}

export class EntityEventsRequest {
  @Text({ max: 60 }) entity!: string;
  @Uuid() entity_id!: string;
  /** The version after which to begin. */
  @Int(versions) after!: number;
}

/** An event of the acting organization as it was written. */
export class WrittenEvent {
  @Uuid() id!: string;
  @Text({ max: 120 }) type!: string;
  @Int(versions) entity_version!: number;
  @Text({ max: 200 }) request_id!: string;
  @Nullable() @Text({ max: 200 }) trace!: string | null;
  /** JSON. */
  @Text({ max: 200_000, lines: true }) body!: string;
  @Instant() created_at!: string;
}

export class EntityEvents {
  /** In the order of their versions; the first ones when there are more, or more than a message carries. */
  @NestedList(() => WrittenEvent, { max: 20 }) items!: WrittenEvent[];
}

/** Stands for the place before an organization's first event. */
export const NO_EVENT = '00000000-0000-0000-0000-000000000000';

const streamed = { min: 1, max: 100 };

export class OrgEventsRequest {
  /** The `last` of an earlier answer; without one the answer holds no events, only where the stream begins now. */
  @Optional() @Uuid() after?: string;
  @Int(streamed) limit!: number;
}

/** An event as people and clients of the organization see it. */
export class StreamedEvent {
  @Uuid() id!: string;
  @Text({ max: 120 }) type!: string;
  @Uuid() entity_id!: string;
  @Int(versions) entity_version!: number;
  /** JSON. */
  @Text({ max: 200_000, lines: true }) body!: string;
  @Instant() created_at!: string;
}

export class OrgEvents {
  /** Oldest first; only what the asker's role and person may see. */
  @NestedList(() => StreamedEvent, { max: 100 }) items!: StreamedEvent[];
  /** The id to ask with next: of the last event looked at, shown or not; `NO_EVENT` while the organization has none. */
  @Uuid() last!: string;
  /** False when there is more at once. */
  @Flag() complete!: boolean;
  /** What the asker's role was when it was decided what they may see. */
  @Optional() @Text({ max: 20 }) role?: string;
}
