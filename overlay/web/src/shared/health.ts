import { fieldsOf, listOf, textOf, type Schemas } from './api.ts';

/** The state of a room's stream, from GET /api/v1/rooms/ROOM, in the form that pages of hosts need. */

export interface Warning {
  readonly code: string;
  readonly text: string;
  readonly value: number;
}

/** What happened to a publisher. */
export interface PublisherEvent {
  readonly kind: string;
  readonly text: string;
  readonly reason: string;
  readonly at: Date;
}

export interface Health {
  readonly live: boolean;
  readonly waiting: boolean;
  readonly warnings: readonly Warning[];
  /** Undefined while nobody publishes. */
  readonly ingest: Ingest | undefined;
  /** The latest, newest first. */
  readonly events: readonly PublisherEvent[];
  /** Players on this server; those behind a CDN are not seen. */
  readonly viewers: number;
  /** When the broadcast began; undefined: there is none. */
  readonly since: Date | undefined;
  /** When the broadcast ends if its lost publisher stays away; undefined: it is not away. */
  readonly until: Date | undefined;
  /** Clicks in the show that went to the shop; undefined: there is no show. */
  readonly clicks: number | undefined;
}

const eventsShown = 5;

const numbers = ['width', 'height', 'bitrate', 'incoming_bitrate', 'fps', 'keyframe_interval', 'keyframe_interval_max', 'dropped', 'late_frames', 'clamped',
  'jumps', 'pauses', 'audio_gaps', 'drift', 'audio_offset', 'late', 'jitter', 'rtt'] as const satisfies readonly (keyof Schemas['Ingest'])[];
const texts = ['protocol', 'encoder', 'audio'] as const satisfies readonly (keyof Schemas['Ingest'])[];

export type Ingest = Record<(typeof numbers)[number], number> & Record<(typeof texts)[number], string> & { b_frames: boolean; /** Of each picture that viewers can have, such as "640 × 360". */ sizes: string[]; /** The programme date of the publisher's timestamp 0. */ zero: Date | undefined };

const number = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);

const date = (v: unknown): Date | undefined => (Number.isNaN(Date.parse(textOf(v))) ? undefined : new Date(textOf(v)));

/** Reads the answer; fields that are missing or have another type count as zero, empty or unknown. */
export function parseHealth(json: unknown): Health {
  const j = fieldsOf<'RoomBody'>(json);
  const i = fieldsOf<'Ingest'>(j.ingest);
  return {
    live: j.live === true,
    waiting: j.waiting === true,
    viewers: number(j.viewers),
    since: date(j.since),
    until: date(fieldsOf<'Away'>(j.away).until),
    clicks: j.show && typeof j.show === 'object' ? number(fieldsOf<'ShowBody'>(j.show).clicks) : undefined,
    warnings: listOf<'Warning'>(j.warning_details).filter((w) => textOf(w.code)).map((w) => ({ code: textOf(w.code), text: textOf(w.text), value: number(w.value) })),
    events: listOf<'PublisherEvent'>(j.publisher_events)
      .map((e) => ({ kind: textOf(e.kind), text: textOf(e.text), reason: textOf(e.reason), at: new Date(textOf(e.at)) }))
      .filter((e) => e.kind && !Number.isNaN(e.at.getTime())).slice(-eventsShown).reverse(),
    ingest: j.ingest && typeof j.ingest === 'object' ? {
      ...(Object.fromEntries(numbers.map((n) => [n, number(i[n])])) as Record<(typeof numbers)[number], number>),
      ...(Object.fromEntries(texts.map((n) => [n, textOf(i[n])])) as Record<(typeof texts)[number], string>),
      b_frames: i.b_frames === true,
      sizes: listOf<'Rendition'>(i.renditions ?? [i]).filter((r) => number(r.width)).map((r) => `${r.width} × ${r.height}`),
      zero: date(i.timestamp_zero),
    } : undefined,
  };
}
