import errors from '../../generated/strings/errors.ts';
import table, { type Words } from '../../generated/strings/studio-imports.ts';
import { say } from '../../shared/language.ts';
import { translated } from '../../shared/refusals.ts';
import type { Language, Schemas } from '../context.ts';

export type { Words };
export type Feed = Schemas['Feed'];
export type ImportHead = Schemas['ImportHead'];

export const wordsOf = (language: Language): Words => language.in(table);

/** Whether the server works on it: the page looks again soon. */
export const busy = (i: ImportHead | undefined): boolean => i?.state === 'reading' || i?.state === 'applying';

/** What a file is called, for people: of an address the end, which differs. */
export function nameOf(source: string, words: Words): string {
  if (source === 'pasted rows') return words.pasted;
  const at = URL.canParse(source) ? new URL(source) : undefined;
  if (!at || !/^https?:$/.test(at.protocol)) return source;
  return `${at.hostname}${at.pathname === '/' ? '' : at.pathname}`;
}

/** Whether it was applied and changed nothing, since rows were left out. */
export const inVain = (i: ImportHead): boolean => i.state === 'applied' && !i.new && !i.changed && i.rejected_rows > 0;

export function stateWord(i: ImportHead, words: Words): string {
  switch (i.state) {
    case 'reading':
      return words.stateReading;
    case 'ready':
      return words.stateReady;
    case 'applying':
      return say(words.stateApplying, { percent: Math.floor((100 * i.done) / Math.max(1, i.total)) });
    case 'applied':
      return inVain(i) ? words.stateInVain : words.stateApplied;
    default:
      return words.stateFailed;
  }
}

/** What an import does or did, without what is none. */
export function countsOf(i: ImportHead, words: Words, locale: string): string[] {
  const n = (x: number): string => new Intl.NumberFormat(locale).format(x);
  const all = [i.new ? say(words.countNew, { n: n(i.new) }) : '', i.changed ? say(words.countChanged, { n: n(i.changed) }) : '', i.missing ? say(words.countMissing, { n: n(i.missing) }) : ''];
  if (!i.new && !i.changed) all.unshift(words.countSame);
  return all.filter(Boolean);
}

/** The server's words in the reader's language, where there is a translation. */
export const saidOf = (text: string, language: Language): string => translated(text, language.in(errors)) || text;

const day = 24;
export const offered = [1, 3, 6, 12, day, 7 * day] as const;

export const everyWord = (hours: number, words: Words): string =>
  hours === 1 ? words.everyHour : hours === day ? words.everyDay : hours === 7 * day ? words.everyWeek : say(words.everyHours, { n: hours });
