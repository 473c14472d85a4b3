import { clockIn } from '../parts/zone.ts';

/** The days that a report is of: both are in it. */
export interface Span {
  readonly from: string; // 2026-11-01
  readonly to: string;
}

/** Days that people ask for by a name, with the last of them today, or the end of a month. */
export const named = ['7', '30', 'month', 'before', 'year'] as const;
export type Named = (typeof named)[number];

const moved = (day: string, by: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);

/** The days of a name, by the clock of a time zone. */
export function spanOf(name: Named, zone: string, now = new Date()): Span {
  const to = clockIn(now, zone).date;
  const first = `${to.slice(0, 8)}01`;
  if (name === 'month') return { from: first, to };
  if (name === 'before') return { from: `${moved(first, -1).slice(0, 8)}01`, to: moved(first, -1) };
  return { from: moved(to, name === 'year' ? -364 : 1 - Number(name)), to };
}

/** How many days these are. */
export const daysIn = ({ from, to }: Span): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** As many days, just before these. */
export const spanBefore = (s: Span): Span => ({ from: moved(s.from, -daysIn(s)), to: moved(s.from, -1) });

/** The name of some days; undefined: they have none. */
export const nameOf = (span: Span, zone: string, now = new Date()): Named | undefined =>
  named.find((n) => { const s = spanOf(n, zone, now); return s.from === span.from && s.to === span.to; });

const day = /^\d{4}-\d\d-\d\d$/;

/** The days that an address names: FROM, TO. */
export const spanIn = (from = '', to = ''): Span | undefined => (day.test(from) && day.test(to) && !Number.isNaN(Date.parse(from)) && !Number.isNaN(Date.parse(to)) ? { from, to } : undefined);
