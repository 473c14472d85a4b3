/** What the search over everything shows: hits in groups, one of which the arrows have reached. */

export interface Hit {
  /** The route that opens it. */
  readonly to: string;
  readonly name: string;
  readonly more: string;
  /** A picture; undefined: the sign of its group stands there. */
  readonly picture?: string | undefined;
}

export interface Group {
  /** The section of the studio that it belongs to. */
  readonly section: string;
  readonly hits: readonly Hit[];
  /** There are more than these. */
  readonly more: boolean;
}

export const perGroup = 6;

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();

/** Whether each word of a text is in one of these, whatever its capitals and accents. */
export function has(text: string, ...where: readonly string[]): boolean {
  const all = folded(where.join('\n'));
  const words = folded(text).split(/\s+/).filter(Boolean);
  return words.length > 0 && words.every((w) => all.includes(w));
}

/** A group of those that match; at most `perGroup` of them. */
export const groupOf = (section: string, hits: readonly Hit[], more = false): Group => ({ section, hits: hits.slice(0, perGroup), more: more || hits.length > perGroup });

/** The hit that a key goes to, of so many: the arrows go round. undefined: the key is none of these. */
export function stepped(at: number, key: string, count: number): number | undefined {
  if (!count) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    default:
      return undefined;
  }
}
