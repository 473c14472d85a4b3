import type { Words } from './strings.ts';

/** How a room's stream is: what GET /api/v1/rooms/ROOM says, made ready for the operator's panel. */

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
  /** Ways to the shop that viewers took in the show; undefined while there is none. */
  readonly clicks: number | undefined;
}

const eventsShown = 5;

const numbers = ['width', 'height', 'bitrate', 'incoming_bitrate', 'fps', 'keyframe_interval', 'keyframe_interval_max', 'dropped', 'late_frames', 'clamped',
  'jumps', 'pauses', 'forced_cuts', 'audio_gaps', 'drift', 'audio_offset', 'late', 'jitter', 'silent', 'rtt'] as const;
const texts = ['protocol', 'encoder', 'video', 'audio'] as const;

export type Ingest = Record<(typeof numbers)[number], number> & Record<(typeof texts)[number], string> & { b_frames: boolean };

type Fields = Record<string, unknown>;
const fields = (v: unknown): Fields | undefined => (typeof v === 'object' && v !== null ? (v as Fields) : undefined);
const number = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
const text = (v: unknown): string => (typeof v === 'string' ? v : '');

/** Reads the answer; what is missing or of another type counts as zero, empty or not said. */
export function parseHealth(json: unknown): Health {
  const j = fields(json) ?? {};
  const i = fields(j['ingest']);
  const list = (name: string): Fields[] => (Array.isArray(j[name]) ? j[name] : []).map(fields).filter((f) => f !== undefined);
  return {
    live: j['live'] === true,
    waiting: j['waiting'] === true,
    clicks: fields(j['show']) && number(fields(j['show'])?.['clicks']),
    warnings: list('warning_details').filter((w) => text(w['code'])).map((w) => ({ code: text(w['code']), text: text(w['text']), value: number(w['value']) })),
    events: list('publisher_events')
      .map((e) => ({ kind: text(e['kind']), text: text(e['text']), reason: text(e['reason']), at: new Date(text(e['at'])) }))
      .filter((e) => e.kind && !Number.isNaN(e.at.getTime())).slice(-eventsShown).reverse(),
    ingest: i && {
      ...(Object.fromEntries(numbers.map((n) => [n, number(i[n])])) as Record<(typeof numbers)[number], number>),
      ...(Object.fromEntries(texts.map((n) => [n, text(i[n])])) as Record<(typeof texts)[number], string>),
      b_frames: i['b_frames'] === true,
    },
  };
}

/** The panel's numbers, as people read them. */
export function rows(i: Ingest, words: Words, locale: string): [label: string, value: string][] {
  const say = (n: number, digits: number): string => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(n);
  const seconds = (n: number): string => words.seconds(say(n, 1));
  const ms = (n: number): string => words.milliseconds(say(n * 1000, 0));
  const unknown = '–';
  return [
    [words.received, i.incoming_bitrate ? rate(i.incoming_bitrate, words, locale) : unknown],
    [words.packaged, i.bitrate ? rate(i.bitrate, words, locale) : unknown],
    [words.picture, i.width ? `${i.width} × ${i.height}` : unknown],
    [words.fps, i.fps ? say(i.fps, 1) : unknown],
    [words.keyframes, i.keyframe_interval ? `${seconds(i.keyframe_interval)} (${words.most(seconds(i.keyframe_interval_max))})` : unknown],
    [words.bFrames, i.b_frames ? words.yes : words.no],
    [words.drift, i.audio ? `${ms(i.audio_offset)} (${words.since(ms(i.drift))})` : unknown],
    [words.late, `${seconds(i.late)} (${words.jitter(ms(i.jitter))})`],
    [words.roundTrip, i.rtt ? ms(i.rtt) : unknown],
    [words.dropped, say(i.dropped, 0)],
    [words.lateFrames, say(i.late_frames, 0)],
    [words.moved, say(i.clamped, 0)],
    [words.breaks, say(i.jumps + i.pauses, 0)],
    [words.gaps, say(i.audio_gaps, 0)],
    [words.encoder, [i.encoder, i.protocol.toUpperCase()].filter(Boolean).join(' · ') || unknown],
  ];
}

export function rate(bits: number, words: Words, locale: string): string {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: bits < 1e7 ? 2 : 1 });
  return bits < 1e6 ? words.kilobits(n.format(Math.round(bits / 1e3))) : words.megabits(n.format(bits / 1e6));
}

/** A warning in the reader's language: the server's words, unless there is a translation. */
export function wordsOf(w: Warning, words: Words, locale: string): string {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: w.value < 1 ? 2 : 1 }).format(w.value);
  return words.warnings[w.code]?.(n) ?? w.text;
}

/** What happened, in the reader's language. */
export function eventOf(e: PublisherEvent, words: Words): string {
  return words.events[e.kind]?.(words.reasons[e.reason] ?? e.reason) ?? e.text;
}

/** Points of a line through values, oldest first, that fills a box from its right edge; zero is at the bottom. */
export function line(values: readonly number[], room: number, width: number, height: number): string {
  const top = Math.max(...values, 1);
  const step = width / (room - 1);
  const left = width - (values.length - 1) * step;
  return values.map((v, i) => `${+(left + i * step).toFixed(1)},${+(height - (v / top) * height).toFixed(1)}`).join(' ');
}
