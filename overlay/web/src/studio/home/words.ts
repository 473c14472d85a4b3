import table, { type Words } from '../../generated/strings/studio-home.ts';
import { say } from '../../shared/language.ts';
import type { Language } from '../context.ts';

export type { Words };

export const wordsOf = (language: Language): Words => language.in(table);

export function ordersOf(n: number, language: Language): string {
  const words = wordsOf(language);
  return n === 1 ? words.oneOrder : say(words.someOrders, { n: n.toLocaleString(language.locale) });
}
