import type { Words } from '../../generated/strings/player-talk.ts';
import { say } from '../../shared/language.ts';

export interface Refusal {
  readonly words: string;
  /** In how many seconds the viewer may write again; 0: that does not help. */
  readonly wait: number;
}

/** Why a comment was not taken, in the viewer's language: the server says it in English. */
export function refusalOf(status: number, detail: string, t: Words): Refusal {
  const n = Number(/\d+/.exec(detail)?.[0] ?? 0);
  const words = (text: string, wait = 0): Refusal => ({ words: text, wait });
  if (status === 429) return n ? words(say(t.talkSlow, { n }), n) : words(t.talkBusy);
  if (status === 403) return words(/sign in/.test(detail) ? t.talkSigned : n ? say(t.talkMutedFor, { n }) : t.talkMuted);
  if (status === 409) return words(/ended/.test(detail) ? t.talkOver : /hour/.test(detail) ? t.talkSoon : t.talkClosed);
  if (status === 422) return words(/link/.test(detail) ? t.talkLink : /word/.test(detail) ? t.talkWord : t.talkFailed);
  return words(t.talkFailed);
}
