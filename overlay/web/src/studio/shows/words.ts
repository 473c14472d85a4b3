import table, { type Words } from '../../generated/strings/studio-shows.ts';
import { watched } from '../../shared/condition.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Language, Schemas } from '../context.ts';
import type { Air } from '../air/mark.ts';
import { asHere, clockIn, ownZone, spelled } from '../parts/zone.ts';
import type { Difference, Goods } from './change.ts';

export type { Words };
export type Show = Schemas['StoredShow'];

export const wordsOf = (language: Language): Words => language.in(table);

export const priceOf = (p: Pick<Goods, 'price' | 'currency' | 'digits'>, locale: string): string => money(p.price, p.currency, locale, p.digits);

/** When a show is, or was; "": its time is open. */
export const timeOf = (s: Show): string => s.started ?? s.starts_at ?? '';

/** In the zone in which the show is told to people. */
export const zoneOf = (s: Show): string => s.timezone || ownZone();

export const whenOf = (s: Show, words: Words, locale: string): string => (timeOf(s) ? spelled(new Date(timeOf(s)), zoneOf(s), locale, !asHere(new Date(timeOf(s)), zoneOf(s))) : words.timeOpen);

/** The date of a show where it is told to people: '2026-12-03'. */
export const dateOf = (s: Show): string => (timeOf(s) ? clockIn(new Date(timeOf(s)), zoneOf(s)).date : '');

const tolerated = 60_000; // a show may begin so late, in ms, as in the list of rooms
const waited = 6 * 3_600_000; // overlay.PlannedLate: a broadcast after it takes another show

/** Whether the time of a show is past, and it did not begin: a broadcast still makes it begin, or no longer. */
export function lateness(s: Pick<Show, 'state' | 'starts_at'>, now = Date.now()): '' | 'late' | 'missed' {
  const by = s.state === 'planned' && s.starts_at ? now - Date.parse(s.starts_at) : 0;
  return by <= tolerated ? '' : by <= waited ? 'late' : 'missed';
}

/** How a show is: while it is on air as its room is, where that is in trouble. */
export function airOf(s: Show, room: Schemas['RoomBody'] | undefined): Air {
  const condition = s.state === 'live' && room?.show?.id === s.id ? watched(room, Date.now()).condition : undefined;
  if (condition === 'away' || condition === 'troubled') return condition;
  return lateness(s) || (s.state as Air); // planned, live, paused or ended
}

/** Whether a show has begun, and has not ended. */
export const isOn = (s: Show): boolean => s.state === 'live' || s.state === 'paused';

/** What somebody did to a line-up, as a sentence for each thing; the first few of many. */
export function didWords(did: readonly Difference[], words: Words, locale: string): string[] {
  const most = 4;
  const all = did.map((d) => {
    switch (d.kind) {
      case 'added':
        return say(words.didAdd, { what: d.line.goods.title });
      case 'gone':
        return say(words.didRemove, { what: d.line.goods.title });
      case 'price':
        return say(words.didPrice, { what: d.line.goods.title, from: priceOf(d.was.goods, locale), to: priceOf(d.line.goods, locale) });
      case 'details':
        return say(words.didDetails, { what: d.line.goods.title });
      case 'order':
        return words.didOrder;
    }
  });
  return all.length > most ? [...all.slice(0, most), say(words.didMore, { n: all.length - most })] : all;
}
