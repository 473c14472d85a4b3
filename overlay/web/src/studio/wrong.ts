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

/**
 * A text of the server in another language: the table has the server's own patterns, in which %q, %d, %s, %c and %v stand for values; {1} is
 * the first. The pattern with the most words of its own counts. A value that is such a text itself is translated, too; so is what is said
 * of a field, or of a value in quotes, that no pattern names.
 */
export function translated(text: string, table: Errors): string {
  let best = { own: -1, words: '' };
  for (const [pattern, translation] of Object.entries(table)) {
    const own = pattern.replace(hole, '').length;
    if (own <= best.own) continue;
    const quoted = pattern.match(hole) ?? [];
    const between = pattern.split(hole).map((s) => s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    // A quoted value ends with its quotes: 'price: "x"' is none.
    const values = text.match(new RegExp(`^${between.map((s, i) => s + (i < quoted.length ? (quoted[i] === '%q' ? '("(?:[^"\\\\]|\\\\.)*")' : '(.*)') : '')).join('')}$`, 's'));
    if (values) best = { own, words: translation.replace(/\{(\d)\}/g, (_, n: string) => valueOf(values[Number(n)] ?? '', quoted[Number(n) - 1] === '%q', table)) };
  }
  if (best.own >= 0) return best.words;
  const [, about, rest = ''] = /^([\w.[\] -]+:|"(?:[^"\\]|\\.)*") (.+)$/s.exec(text) ?? [];
  const part = rest && translated(rest, table);
  return part && `${about} ${part}`;
}

const hole = /%(?:[qdsvc]|04X)/g;

/** A value as people write it: the server quotes some as Go does. */
function valueOf(text: string, quoted: boolean, table: Errors): string {
  if (!quoted) return (text.includes(' ') && translated(text, table)) || text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replace(/^"|"$/g, ''); // it has an escape that JSON does not know
  }
}
