import table from '../../generated/strings/studio-orders.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Language, Schemas } from '../context.ts';

export type Order = Schemas['Order'];
export type Story = Schemas['OrderStory'];
export type Listed = Schemas['ListedOrder'];
export type Words = (typeof table)['en'];

export const wordsOf = (language: Language): Words => language.in(table);

export const states = ['paid', 'pending', 'partly_refunded', 'refunded', 'cancelled', 'failed', 'parked'] as const;

export function stateWord(state: string, words: Words): string {
  const all: Readonly<Record<string, string>> = { paid: words.statePaid, pending: words.statePending, failed: words.stateFailed, partly_refunded: words.statePartly, refunded: words.stateRefunded, cancelled: words.stateCancelled, parked: words.stateParked };
  return all[state] ?? state;
}

export function factWord({ kind, all: inAll }: { readonly kind: string; readonly all?: boolean }, words: Words): string {
  const all: Readonly<Record<string, string>> = { paid: words.factPaid, pending: words.factPending, failed: words.factFailed, refunded: inAll ? words.factRefundedAll : words.factRefunded, unrefunded: words.factUnrefunded, cancelled: words.factCancelled };
  return all[kind] ?? kind;
}

/** An amount in the order's own currency: amounts of several orders are never added here. Before the shop has told of the order there is none. */
export const amount = (minor: number, { currency }: Pick<Order, 'currency'>, locale: string): string => money(minor, currency, locale) || '–';

/** When it was paid, or else when the shop told of it first. */
export const when = (o: Pick<Order, 'paid_at' | 'created'>): string => o.paid_at ?? o.created;

/** Units that were paid when the show had none left: somebody has to act. */
export const short = (o: Order): number => ('unallocated' in o && typeof o.unallocated === 'number' ? o.unallocated : 0);

const named = 2; // lines of an order in a row

/** What was bought, in a line: "2 × Sweet corn, 1 × Honey + 2 more"; of an order whose shop tells no lines the product from whose card the buyer came. */
export function bought({ lines, line_count: all, card }: Pick<Listed, 'lines' | 'line_count' | 'card'>, words: Words, locale: string): string {
  const some = (lines ?? []).slice(0, named).map((l) => say(words.pieces, { n: l.quantity.toLocaleString(locale), what: l.title || l.sku || l.ref || '?' }));
  const rest = all - some.length;
  return some.length ? `${some.join(words.comma)}${rest > 0 ? say(words.moreLines, { n: rest.toLocaleString(locale) }) : ''}` : card ?? '';
}
