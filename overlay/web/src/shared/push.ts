import phrases from '../generated/strings/push.ts';
import { inLanguage, say } from './language.ts';
import { clock } from './times.ts';
import type { Schemas } from './api.ts';

export type Target = Schemas['Target'];

export const pushWords = (locale: string): (typeof phrases)['en'] => inLanguage(phrases, locale);

/** How a target is. `now` is the server's time, in ms since 1970. */
export function stateOf(t: Target, now: number, locale: string): string {
  const words = pushWords(locale);
  switch (t.state) {
    case 'off':
      return words.pushOff;
    case 'waiting':
      return words.pushWaiting;
    case 'connecting':
      return words.pushConnecting;
    case 'live':
      return say(words.pushLive, { t: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(t.since)) });
    case 'retrying': {
      const left = Date.parse(t.next ?? '') - now;
      return left > 500 ? say(words.pushRetrying, { t: clock(left) }) : words.pushRetryingNow;
    }
  }
}

/** What went wrong with a target; "": nothing that still matters. */
export function problemOf({ problem, state }: Target, locale: string): string {
  if (!problem || state === 'off' || state === 'live') return '';
  const words = pushWords(locale);
  const known: Readonly<Record<string, string>> = {
    refused_key: words.pushRefusedKey, refused: words.pushRefused, no_name: words.pushNoName, not_open: words.pushNotOpen, no_answer: words.pushNoAnswer, certificate: words.pushCertificate, hung_up: words.pushHungUp,
  };
  return [known[problem.code] ?? problem.text, problem.said && say(words.pushSaid, { words: problem.said })].filter(Boolean).join(' ');
}

/** The numbers of a target; "": it has none yet. */
export function numbersOf(t: Target, locale: string): string {
  const words = pushWords(locale);
  const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return [
    t.state === 'live' && t.bitrate ? say(words.pushRate, { rate: one.format(t.bitrate / 1e6) }) : '',
    t.bytes >= 1e6 ? say(words.pushSent, { mb: whole.format(t.bytes / 1e6) }) : '',
    t.delay ? say(words.pushDelay, { t: one.format(t.delay) }) : '',
  ].filter(Boolean).join(' · ');
}

/** What the button of a target does: one that fails can be tried at once, and is stopped by another. */
export const deedsOf = (t: Target): readonly ('start' | 'now' | 'stop')[] => (t.state === 'off' ? ['start'] : t.state === 'retrying' ? ['now', 'stop'] : ['stop']);
