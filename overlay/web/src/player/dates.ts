/** Converts between dates of a playlist and places on the media timeline. */

export interface Dated {
  /** On the media timeline, in seconds. */
  readonly start: number;
  readonly duration: number;
  /** In ms since 1970. */
  readonly programDateTime: number | null;
}

/** The place of a date, in seconds. For a date in a gap, it is the next later place. undefined: outside the list. */
export function placeOf(list: readonly Dated[], date: number): number | undefined {
  for (const { start, duration, programDateTime: from } of list) {
    if (from === null || date >= from + duration * 1000) continue;
    if (date < from) return start === list[0]?.start ? undefined : start;
    return start + (date - from) / 1000;
  }
  return undefined;
}

/** The date of a place. */
export function momentOf(list: readonly Dated[], place: number): number | undefined {
  let near = list[0];
  for (const f of list) if (f.start <= place) near = f;
  return near && near.programDateTime !== null ? near.programDateTime + (place - near.start) * 1000 : undefined;
}
