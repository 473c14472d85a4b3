import type { Errors } from '../generated/strings/errors.ts';
import { unanswered, unreachable } from '../shared/client.ts';
import { inLanguage, say } from '../shared/language.ts';
import type { Answer, Language } from './context.ts';

const read: { table?: Readonly<Record<'en' | 'zh', Errors>> } = {};

/** Reads the translations of the server's errors: many words, and none of them is needed to begin. */
export async function readErrors(): Promise<void> {
  read.table = (await import('../generated/strings/errors.ts')).default;
}

/** Why a request was not carried out, in words; "": it was. */
export function wrong({ error, response }: Answer, { words, locale }: Language): string {
  if (response.ok) return '';
  const { type = '', detail = '' } = (typeof error === 'object' && error !== null ? error : {}) as { type?: string; detail?: string };
  if (type === unreachable) return words.unreachable;
  if (type === unanswered) return words.unansweredDeed;
  const told = read.table && translated(detail, inLanguage(read.table, locale));
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

/** A text of the server in another language: the table has the server's own patterns, in which %q, %d, %s and %v stand for values; {1} is the first. */
export function translated(text: string, table: Readonly<Record<string, string>>): string {
  for (const [pattern, translation] of Object.entries(table)) {
    const values = text.match(new RegExp(`^${pattern.split(/%[qdsv]/).map((s) => s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('(.*)')}$`, 's'));
    if (values) return translation.replace(/\{(\d)\}/g, (_, n: string) => values[Number(n)] ?? '');
  }
  return '';
}
