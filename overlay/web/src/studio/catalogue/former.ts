import type { Change, Product } from './words.ts';

/** The values that fields had: a change that undoes one. What was not there is null. */
export function former(before: Product, fields: Change): Change {
  const was: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (name !== 'rev') was[name] = (before as unknown as Record<string, unknown>)[name] ?? null;
  return was as Change;
}
