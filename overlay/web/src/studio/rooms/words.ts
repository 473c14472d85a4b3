import host from '../../generated/strings/host.ts';
import table from '../../generated/strings/studio-rooms.ts';
import { isTrouble, harmOf, type Watched } from '../../shared/condition.ts';
import { say } from '../../shared/language.ts';
import { warningOf } from '../../shared/said.ts';
import { clock, timeOfDay } from '../../shared/times.ts';
import type { Language, Schemas } from '../context.ts';
import { asHere, ownZone } from '../parts/zone.ts';

export type Words = (typeof table)['en'];

export const wordsOf = (language: Language): Words => language.in(table);

/** How long it is on air, or for how long its publisher is waited for yet; "": neither. */
export function timeOf({ condition, health }: Watched, now: number, language: Language): string {
  const words = wordsOf(language);
  if (condition === 'away') return health.until ? say(words.leftTime, { t: clock(health.until.getTime() - now) }) : '';
  return health.live && health.since ? clock(now - health.since.getTime()) : '';
}

export function viewersOf(n: number, language: Language): string {
  const common = language.in(host);
  return n === 1 ? common.oneViewer : say(common.viewers, { n: new Intl.NumberFormat(language.locale).format(n) });
}

/** The colour of what is said: red where viewers see no good picture, amber where nobody streams yet. */
export const toneOf = ({ condition }: Watched): 'bad' | 'warn' | '' => (condition === 'away' || condition === 'troubled' ? 'bad' : isTrouble(condition) ? 'warn' : '');

/** Whether somebody streams, or a show is on that waits for it: then the dock is what one needs. */
export const isOn = ({ room: { show }, health }: Watched): boolean => health.live || show?.state === 'live' || show?.state === 'paused';

/** What is wrong and what to do about it, the worst first; or that nothing is. */
export function linesOf(w: Watched, now: number, language: Language): string[] {
  const words = wordsOf(language);
  switch (w.condition) {
    case 'away':
      return [w.health.until ? say(words.awayWhy, { t: clock(w.health.until.getTime() - now) }) : words.goneWhy];
    case 'troubled':
      return [...w.health.warnings].sort((a, b) => harmOf(a.code) - harmOf(b.code)).map((x) => warningOf(x, language));
    case 'late':
      return [say(words.lateWhy, { t: ago(now - w.starts!.getTime(), language.locale), when: moment(w.starts!, w.next?.timezone, language.locale) })];
    case 'paused':
      return [w.room.show?.until ? say(words.pausedUntil, { t: timeOfDay(new Date(w.room.show.until), language.locale).slice(0, 5) }) : words.pausedWhy];
    case 'live':
      return [words.liveWell];
    case 'off':
      return [offWords(w, language)];
  }
}

/** What comes next in a room in which nobody streams. */
function offWords({ starts, next, room }: Watched, language: Language): string {
  const words = wordsOf(language);
  if (!starts || !next) return words.offWhy;
  const when = moment(starts, next.timezone, language.locale);
  if (next.rehearsal) return say(words.offRehearsal, { when });
  return next.title === room.title ? say(words.offUntil, { when }) : say(words.offNext, { when, show: next.title });
}

/** Of shows that have ended, the one that did so last: they come in the order in which they were planned. */
export const lastOf = (shows: readonly Schemas['StoredShow'][]): Schemas['StoredShow'] | null =>
  shows.filter((s) => s.started && s.ended).sort((a, b) => Date.parse(b.ended!) - Date.parse(a.ended!))[0] ?? null;

/** That a show has ended, and when: on another day with its date. */
export function endedWords(show: Pick<Schemas['StoredShow'], 'title' | 'ended'>, now: number, language: Language): string {
  const words = wordsOf(language);
  const at = new Date(show.ended ?? now);
  if (at.toDateString() === new Date(now).toDateString()) return say(words.endedAt, { show: show.title, t: timeOfDay(at, language.locale).slice(0, 5) });
  return say(words.endedOn, { show: show.title, when: moment(at, undefined, language.locale) });
}

/** How long ago, in minutes, or from two hours on in hours. */
function ago(ms: number, locale: string): string {
  const all = Math.floor(ms / 60_000);
  const [n, unit] = all < 120 ? [all, 'minute'] : [Math.floor(all / 60), 'hour'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
}

/** A moment in the zone of the plan, where it has one. The zone is told where the reader's clock shows another time. */
export function moment(at: Date, zone: string | undefined, locale: string): string {
  const there = zone || ownZone();
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: there, ...(asHere(at, there) ? {} : { timeZoneName: 'short' }) }).format(at);
}

/** How many rooms somebody should look at, in words. */
export function summary(rooms: readonly Watched[], language: Language): string {
  const words = wordsOf(language);
  const bad = rooms.filter((w) => isTrouble(w.condition)).length;
  const live = rooms.filter((w) => w.health.live).length;
  if (bad) return bad === 1 ? words.oneNeedsYou : say(words.someNeedYou, { n: bad });
  return live ? say(words.allFine, { n: live }) : words.noneLive;
}
