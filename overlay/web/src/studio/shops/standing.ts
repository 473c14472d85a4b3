import { say } from '../../shared/language.ts';
import { ago } from '../parts/when.ts';
import { hears, type Shop } from './kinds.ts';
import type { Words } from './words.ts';

/** How the orders of a shop arrive, in words, and what to do next; "": nothing. */
export interface Standing {
  readonly how: 'unfinished' | 'refused' | 'connected' | 'waits';
  readonly text: string;
  readonly next: string;
}

/** Whether the webhook of a shop works. What was refused last, with nothing taken since, stands before what was taken earlier. */
export function standingOf(shop: Pick<Shop, 'secrets' | 'kind' | 'heard' | 'refused'>, words: Words, locale: string, now = Date.now()): Standing {
  const { heard, refused } = shop;
  if (!hears(shop)) return { how: 'unfinished', text: words.unfinished, next: words.unfinishedWhy };
  if (refused) return { how: 'refused', text: say(words.refused, { ago: ago(refused.at, locale, now) }), next: say(refused.status === 401 ? words.refusedSign : refused.status === 422 ? words.refusedBody : words.refusedOther, { reason: refused.reason }) };
  if (heard) return { how: 'connected', text: say(words.lastHeard, { ago: ago(heard, locale, now) }), next: '' };
  return { how: 'waits', text: words.waitsFirst, next: words.waitsWhy };
}
