import type { Errors } from '../generated/strings/errors.ts';
import { inLanguage } from './language.ts';

/** What the server says when it refuses something, in the reader's language. The server's own texts are English. */

const read: { table: Readonly<Record<'en' | 'zh', Errors>> | undefined } = { table: undefined };

/** Reads the translations: many words, and none of them is needed to begin. Without them the server's own words stand. */
export async function readErrors(): Promise<void> {
  read.table ??= await import('../generated/strings/errors.ts').then((m) => m.default, () => undefined);
}

/** The server's words in a language, where there is a translation and it was read; "": there is none. */
export const refusalIn = (text: string, locale: string): string => (read.table ? translated(text, inLanguage(read.table, locale)) : '');

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
