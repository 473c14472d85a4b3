import type { Said } from '../generated/strings/said.ts';
import type { PublisherEvent, Warning } from './health.ts';
import { inLanguage } from './language.ts';

/** What the server says about a stream, in the reader's language. The server's own texts are English. */

const read: { table: Readonly<Record<'en' | 'zh', Said>> | undefined } = { table: undefined };

/** Reads the translations: many words, and a page begins without them. Until then the server's own words stand. */
export async function readSaid(): Promise<void> {
  read.table ??= await import('../generated/strings/said.ts').then((m) => m.default, () => undefined);
}

const saidIn = (locale: string): Said | undefined => read.table && inLanguage(read.table, locale);

/** A warning in the reader's language: a translation, or else the server's text. */
export function warningOf(w: Warning, { locale }: { readonly locale: string }): string {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: w.value < 1 ? 2 : 1 }).format(w.value);
  return saidIn(locale)?.warnings[w.code]?.replace('{n}', n) ?? w.text;
}

/** What happened, in the reader's language. */
export function eventOf(e: PublisherEvent, { locale }: { readonly locale: string }): string {
  const said = saidIn(locale);
  return said?.events[e.kind]?.replace('{reason}', () => said.reasons[e.reason] ?? e.reason) ?? e.text;
}
