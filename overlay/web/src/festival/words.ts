import type text from '../generated/strings/festival.ts';

/** Where the page is, and in which language. */
export interface Place {
  readonly base: string;
  readonly locale: string;
  readonly words: (typeof text)['en'];
  /** Where links open: within a page of others, not in its frame. */
  readonly target: string | undefined;
}

/** Whether a path lies in another, or is it; '' has all in it. */
export const isIn = (path: string, around: string, between: string): boolean => !around || path === around || path.startsWith(around + between);

/** "Guangdong/Guangzhou" as people read it. */
export const regionName = (region: string): string => region.split('/').join(' · ');

/** The page of a room, or of one of its shows. */
export const watchLink = (at: Place, room: string, show = ''): string => `${at.base}/watch/${encodeURIComponent(room)}${show ? `?show=${encodeURIComponent(show)}` : ''}`;

export const number = (n: number, at: Place): string => new Intl.NumberFormat(at.locale).format(n);
