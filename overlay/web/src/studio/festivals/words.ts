import table from '../../generated/strings/studio-festivals.ts';
import type { Language, Schemas } from '../context.ts';

export type Words = (typeof table)['en'];
export type Festival = Schemas['Festival'];
export type Participant = Schemas['Participant'];
export type RoomNow = Schemas['FestivalRoomBody'];

export const wordsOf = (language: Language): Words => language.in(table);

/** Whether a festival runs, comes, or is over. */
export function standing(f: Festival, words: Words, now = Date.now()): { readonly how: 'good' | 'soon' | 'over'; readonly text: string } {
  if (now < Date.parse(f.starts_at)) return { how: 'soon', text: words.coming };
  return now < Date.parse(f.ends_at) ? { how: 'good', text: words.running } : { how: 'over', text: words.over };
}

/** "Guangdong/Guangzhou" as people read it. */
export const regionName = (region: string | undefined): string => (region ?? '').split('/').join(' · ');


