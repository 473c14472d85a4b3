import type table from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';

type Words = (typeof table)['en'];
type Part = Schemas['SummaryPart'];

/** How a figure changed since the days before, in words; "": there is nothing to compare with. */
export type Compare = (figure: (p: Part) => number | undefined) => string;

/** Compares with as many days before: "+12% on the 30 days before". */
export const comparing = (now: Part, before: Part | undefined, days: number, words: Words, locale: string): Compare => (figure) => {
  const [a, b] = [figure(now), before && figure(before)];
  if (a === undefined || !b || b < 0) return '';
  const change = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format((a - b) / b);
  return say(days === 1 ? words.changeDay : words.change, { change, n: days.toLocaleString(locale) });
};

/** Money after refunds, where it is of one currency. */
export const netIn = (currency: string) => (p: Part): number | undefined => p.money?.find((m) => m.currency === currency)?.net;
