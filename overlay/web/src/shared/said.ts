import table, { type Said } from '../generated/strings/said.ts';
import type { PublisherEvent, Warning } from './health.ts';
import { inLanguage } from './language.ts';

/** What the server says about a stream, in the reader's language. The server's own texts are English. */

export type { Said };

/** A language with its translations of the server's texts. */
export interface Translated {
  readonly locale: string;
  readonly said: Said;
}

export const saidIn = (locale: string): Said => inLanguage(table, locale);

/** A warning in the reader's language: a translation, or else the server's text. */
export function warningOf(w: Warning, { said, locale }: Translated): string {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: w.value < 1 ? 2 : 1 }).format(w.value);
  return said.warnings[w.code]?.replace('{n}', n) ?? w.text;
}

/** What happened, in the reader's language. */
export const eventOf = (e: PublisherEvent, { said }: Translated): string => said.events[e.kind]?.replace('{reason}', () => said.reasons[e.reason] ?? e.reason) ?? e.text;
