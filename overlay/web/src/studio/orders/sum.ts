import { say } from '../../shared/language.ts';
import { factWord, type Story, type Words } from './words.ts';

/** What happened, the earliest first: how the buyer came, as far as that is kept, and what the shop told. */
export function history(o: Story, words: Words): { at: string; text: string; amount?: number; currency?: string }[] {
  const product = o.card || words.aProduct;
  return [
    ...(o.pinned_at ? [{ at: o.pinned_at, text: say(words.wasPinned, { product }) }] : []),
    ...(o.clicked_at ? [{ at: o.clicked_at, text: say(words.wasClicked, { product }) }] : []),
    ...(o.facts ?? []).map((f) => ({ at: f.at, text: factWord(f, words), ...(f.amount ? { amount: f.amount } : {}), ...(f.currency ? { currency: f.currency } : {}) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What went back in other currencies than that of the order, which no sum has. */
export const foreign = (o: Story): { amount: number; currency: string }[] =>
  (o.facts ?? []).flatMap(({ kind, amount, currency }) => (o.paid_at && kind === 'refunded' && amount && currency && currency !== o.currency ? [{ amount, currency }] : []));

/** Whether the money came when the order was off already, by the shop's clock, and has not gone back. */
export function paidLate(o: Story): boolean {
  const first = (kind: string): number => Math.min(...(o.facts ?? []).filter((f) => f.kind === kind).map((f) => Date.parse(f.at)));
  return o.state === 'cancelled' && o.gross > o.refunded && first('paid') < Infinity && first('paid') > first('cancelled');
}

/** How the money adds up, a step in each line: the items, what else was paid, what went back, and what is left. */
export function steps(o: Story, words: Words): { name: string; amount: number; strong?: boolean }[] {
  const items = (o.lines ?? []).reduce((sum, l) => sum + l.amount, 0);
  const paid = o.paid_at !== undefined;
  const rest = o.gross - items;
  const back = o.refunded + (o.over ?? 0); // refunded holds no more than was paid: what went back beyond that is a loss, and stands in the sum
  const kept = o.state === 'cancelled' ? 0 : o.gross - back;
  return [
    ...(o.lines?.length && (rest || !paid) ? [{ name: words.itemsSum, amount: items }] : []),
    ...(paid && o.lines?.length && rest ? [{ name: rest > 0 ? words.restMore : words.restLess, amount: rest }] : []),
    ...(paid ? [{ name: words.gross, amount: o.gross, strong: true }] : []),
    ...(back ? [{ name: words.refunded, amount: -back }] : []),
    ...(o.state === 'cancelled' && o.gross - back > 0 ? [{ name: words.cancelledRest, amount: back - o.gross }] : []),
    ...(paid && kept !== o.gross ? [{ name: words.net, amount: kept, strong: true }] : []),
  ];
}
