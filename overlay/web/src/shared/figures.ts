import type { Words } from '../generated/strings/figures.ts';
import { say } from './language.ts';
import type { Ingest } from './health.ts';

/** The numbers of what a publisher sends, in a form for people. */

interface Language {
  readonly locale: string;
  readonly words: Words;
}

const unknown = '–';

const digits = (n: number, locale: string, count: number): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: count, minimumFractionDigits: count }).format(n);

/** Each number with its label, in the order in which somebody looks for trouble. */
export function rows(i: Ingest, { words, locale }: Language): [label: string, value: string][] {
  const count = (n: number): string => digits(n, locale, 0);
  const seconds = (n: number): string => say(words.inSeconds, { n: digits(n, locale, 1) });
  const ms = (n: number): string => say(words.inMilliseconds, { n: digits(n * 1000, locale, 0) });
  const offsetText = (offset: number, drift: number): string =>
    Math.abs(drift) < 0.0005 ? skew(offset, words, locale) : more(skew(offset, words, locale), say(words.skewChanged, { by: ms(Math.abs(drift)) }));
  const more = (value: string, extra: string): string => `${value} (${extra})`;
  return [
    [words.received, i.incoming_bitrate ? rate(i.incoming_bitrate, words, locale) : unknown],
    [words.sentToViewers, i.bitrate ? rate(i.bitrate, words, locale) : unknown],
    [words.pictureSize, i.sizes.join(', ') || unknown],
    [words.framesPerSecond, i.fps ? digits(i.fps, locale, 1) : unknown],
    [words.keyframeInterval, i.keyframe_interval ? more(seconds(i.keyframe_interval), say(words.upTo, { s: seconds(i.keyframe_interval_max) })) : unknown],
    [words.bFrames, i.b_frames ? words.yes : words.no],
    [words.skew, i.audio ? offsetText(i.audio_offset, i.drift) : unknown],
    [words.arrivesLate, more(seconds(i.late), say(words.jitter, { s: ms(i.jitter) }))],
    [words.roundTrip, i.rtt ? ms(i.rtt) : unknown],
    [words.droppedFrames, count(i.dropped)],
    [words.lateFrames, count(i.late_frames)],
    [words.movedFrames, count(i.clamped)],
    [words.breaks, count(i.jumps + i.pauses)],
    [words.soundGaps, count(i.audio_gaps)],
    [words.encoder, [i.encoder, i.protocol.toUpperCase()].filter(Boolean).join(' · ') || unknown],
  ];
}

/** "sound 12 ms behind": a word says the direction, not a sign. Seconds; positive: sound is ahead. */
export function skew(seconds: number, words: Words, locale: string): string {
  const ms = Math.round(seconds * 1000);
  if (!ms) return words.skewNone;
  return say(ms > 0 ? words.soundAhead : words.soundBehind, { by: say(words.inMilliseconds, { n: digits(Math.abs(ms), locale, 0) }) });
}

export function rate(bits: number, words: Words, locale: string): string {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: bits < 1e7 ? 2 : 1 });
  return bits < 1e6 ? say(words.inKilobits, { n: n.format(Math.round(bits / 1e3)) }) : say(words.inMegabits, { n: n.format(bits / 1e6) });
}
