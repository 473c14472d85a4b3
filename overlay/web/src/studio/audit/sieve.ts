/** What the list of deeds is narrowed to. */
export interface Sieve {
  /** The address of a person, or the name of a token; "": everybody. */
  readonly actor: string;
  readonly kind: keyof typeof kinds | '';
  /** As the field of a date has it: 2026-12-03. */
  readonly day: string;
}

export const nobody: Sieve = { actor: '', kind: '', day: '' };

/** What deeds are about, as people sort it, and as the server names it: what stands before the dot of an action. */
export const kinds = {
  catalogue: ['product', 'category', 'pool', 'import', 'feed', 'listing'],
  rooms: ['room', 'stream_key', 'broadcast'],
  shows: ['show', 'allocation', 'lineup'],
  orders: ['order', 'orders', 'shop', 'webhook'],
  people: ['member', 'invitation', 'owner', 'password'],
  tokens: ['token'],
  settings: ['org'],
} as const;

/** A day of the reader, from its midnight to the next; one with a change of the clock has 23 or 25 hours. */
export function dayFrom(day: string): { from?: string; to?: string } {
  const [y, m, d] = day.split('-').map(Number);
  if (!y || !m || !d) return {};
  return { from: new Date(y, m - 1, d).toISOString(), to: new Date(y, m - 1, d + 1).toISOString() };
}
