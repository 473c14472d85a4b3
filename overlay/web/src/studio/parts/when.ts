/** Moments, as people read them, in the reader's zone, by the clock of 24 hours, as the fields in which one types times are; a list's rows have the precise moment as their tip. */

export const day = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at));

export const moment = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(new Date(at));

/** The same to the second, for what happens one after the other. */
export const second = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));

/** The same for narrow rows: of today the time alone, of this year without the year, "29 Nov, 22:10". */
export function brief(at: string, locale: string, now = new Date()): string {
  const then = new Date(at);
  if (then.getFullYear() !== now.getFullYear()) return moment(at, locale);
  return then.toDateString() === now.toDateString() ? timeOnly(at, locale) : new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(then);
}

/** With seconds and the zone: 29 Nov 2026, 22:10:05 GMT+8. */
export const precise = (at: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' }).format(new Date(at));

/** How long ago: "3 minutes ago", "yesterday". */
export function ago(at: string, locale: string, now = Date.now()): string {
  const s = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = ([['day', 86400], ['hour', 3600], ['minute', 60]] as const).find(([, n]) => Math.abs(s) >= n) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(unit === 'second' ? 0 : Math.trunc(s / size), unit === 'second' ? 'minute' : unit);
}

/** A day with its name: Sunday, 29 November 2026. */
export const weekday = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'full' }).format(new Date(at));

export const timeOnly = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { timeStyle: 'short', hourCycle: 'h23' }).format(new Date(at));
