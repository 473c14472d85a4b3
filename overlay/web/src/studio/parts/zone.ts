/** Moments in a time zone of one's choice, as people plan them: a date and a time of day. Zones are IANA names. */

export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** All zones that the browser knows; those given stand among them, too. */
export function zones(...also: readonly string[]): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...also.filter(Boolean)])].sort();
}

/** "Asia/Ho_Chi_Minh" → "Ho Chi Minh". */
export const cityOf = (zone: string): string => (zone.split('/').pop() ?? zone).replaceAll('_', ' ');

/** What people call the time there, in the reader's language: "China Standard Time", "中国标准时间"; "GMT+03:00" where it has no name. */
export const zoneCalled = (zone: string, locale: string, at = new Date()): string =>
  new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'long' }).formatToParts(at).find((p) => p.type === 'timeZoneName')?.value ?? cityOf(zone);

/** Whether clocks there show what the reader's show at a moment. */
export function asHere(at: Date, zone: string): boolean {
  const [here, there] = [clockIn(at, ownZone()), clockIn(at, zone)];
  return here.date === there.date && here.time === there.time;
}

/** The clock on the wall there: '2026-12-03' and '20:00'. */
export function clockIn(at: Date, zone: string): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at);
  const of = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  return { date: `${of('year')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

/** `skipped`: the clocks are put forward over this time, which there is not on that day; `twice`: they are put back, and the first is meant. */
export type Clock = 'once' | 'skipped' | 'twice';

const day = 86_400_000;

/** The moment at which the clock on the wall there shows a date and a time; undefined: they are none. */
export function momentIn(date: string, time: string, zone: string): { at: Date; clock: Clock } | undefined {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time) || Number.isNaN(wall)) return undefined;
  const ahead = (at: number): number => {
    const there = clockIn(new Date(at), zone);
    return Date.parse(`${there.date}T${there.time}:00Z`) - Math.floor(at / 60_000) * 60_000;
  };
  const before = wall - ahead(wall - day);
  const after = wall - ahead(wall + day);
  const right = [...new Set([before, after])].filter((at) => at + ahead(at) === wall).sort((a, b) => a - b);
  const [first] = right;
  if (first === undefined) return { at: new Date(before), clock: 'skipped' };
  return { at: new Date(first), clock: right.length > 1 ? 'twice' : 'once' };
}

/** "Thursday, 3 December 2026 at 20:00 China Standard Time"; the zone is left out where it is told already, or is that of the reader. */
export const spelled = (at: Date, zone: string, locale: string, named = true): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(named ? { timeZoneName: 'long' } : {}), timeZone: zone }).format(at);

/** "13:00 CET", with the day where it is another one there. */
export function briefly(at: Date, zone: string, beside: string, locale: string): string {
  const other = clockIn(at, zone).date !== clockIn(at, beside).date;
  return new Intl.DateTimeFormat(locale, { ...(other ? { weekday: 'long', day: 'numeric', month: 'long' } : {}), hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short', timeZone: zone }).format(at);
}
