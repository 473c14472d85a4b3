import { unanswered, unreachable } from '../shared/client.ts';
import { say } from '../shared/language.ts';
import { refusalIn } from '../shared/refusals.ts';
import type { Answer, Language } from './context.ts';

/** Why a request was not carried out, in words; "": it was. */
export function wrong({ error, response }: Answer, { words, locale }: Language): string {
  if (response.ok) return '';
  const { type = '', detail = '' } = (typeof error === 'object' && error !== null ? error : {}) as { type?: string; detail?: string };
  if (type === unreachable) return words.unreachable;
  if (type === unanswered) return words.unansweredDeed;
  const told = refusalIn(detail, locale);
  if (told) return told;
  switch (response.status) {
    case 403:
      return words.mayNot;
    case 429:
      return words.manyTries;
    case 503:
      return words.busyDeed;
    case 500:
      return words.failedDeed;
  }
  return say(words.refusedDeed, { detail: detail || String(response.status) });
}
