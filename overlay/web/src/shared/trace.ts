/** The last values of a number, each with its time: what a chart shows. */

export interface Trace {
  /** In seconds since 1970, rising. */
  readonly times: readonly number[];
  /** null: not known at that time. */
  readonly values: readonly (number | null)[];
}

export const empty: Trace = { times: [], values: [] };

/** Adds a value, and removes those older than `seconds`. */
export function extended({ times, values }: Trace, time: number, value: number | null, seconds: number): Trace {
  const from = times.findIndex((t) => t > time - seconds);
  const keep = from < 0 ? times.length : from;
  return { times: [...times.slice(keep), time], values: [...values.slice(keep), value] };
}

/** The newest, the least and the greatest of the values; undefined: none is known. */
export function summary({ values }: Trace): { now: number; least: number; most: number } | undefined {
  const known = values.filter((v) => v !== null);
  const now = values.at(-1) ?? known.at(-1);
  return now === undefined ? undefined : { now, least: Math.min(...known), most: Math.max(...known) };
}

/** Too few values are known for a line. The server keeps no history: a chart begins when the panel is opened. */
export const isGathering = ({ values }: Trace): boolean => values.filter((v) => v !== null).length < 3;

/** The times that a chart shows: it grows with its line, from `least` to `most` seconds. */
export function timesOf({ times }: Trace, now: number, least: number, most: number): [from: number, to: number] {
  return [now - Math.min(most, Math.max(least, now - (times[0] ?? now))), now];
}

export type Scale = (trace: Trace) => [from: number, to: number];

/** From zero to a little above the greatest value, and at least to `least`. */
export const fromZero = (least: number): Scale => (trace) => [0, Math.max(least, (summary(trace)?.most ?? 0) * 1.1)];

/** As far below zero as above, and at least to `least`. */
export const aroundZero = (least: number): Scale => (trace) => {
  const s = summary(trace);
  const far = Math.max(least, 1.1 * Math.max(Math.abs(s?.least ?? 0), Math.abs(s?.most ?? 0)));
  return [-far, far];
};
