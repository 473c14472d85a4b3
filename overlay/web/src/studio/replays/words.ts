import table from '../../generated/strings/studio-replays.ts';
import { say } from '../../shared/language.ts';
import type { Language, Schemas } from '../context.ts';
import { day } from '../parts/when.ts';

export type Words = (typeof table)['en'];

export const wordsOf = (language: Language): Words => language.in(table);

/** Until when a recording is kept, in words. */
export function keptUntil(s: Pick<Schemas['StoredShow'], 'keep' | 'expires'>, language: Language): string {
  const words = wordsOf(language);
  if (s.keep) return words.keptForever;
  return s.expires ? say(words.keptUntil, { day: day(s.expires, language.locale) }) : '';
}
