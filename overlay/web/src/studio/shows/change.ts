import type { Schemas } from '../context.ts';

/** What one does to a line-up. A change is made on the lines as they are then: also on those that somebody else has changed meanwhile. */

export type Line = Schemas['LineBody'];
export type Goods = Schemas['PricedProduct'];

/** `before`: the product that it comes in front of; "": it is the last. */
export type Change =
  | { readonly kind: 'add'; readonly lines: readonly Line[]; readonly before: string }
  | { readonly kind: 'move'; readonly product: string; readonly before: string }
  | { readonly kind: 'remove'; readonly product: string }
  | { readonly kind: 'all'; readonly lines: readonly Line[] };

/** A line of a product that the line-up does not have yet. */
export const newLine = (goods: Goods): Line => ({ product: goods.id, goods, catalogue: { rev: goods.rev, price: goods.price } });

const without = (lines: readonly Line[], product: string): Line[] => lines.filter((l) => l.product !== product);

function put(lines: readonly Line[], some: readonly Line[], before: string): Line[] {
  const at = lines.findIndex((l) => l.product === before);
  const to = at < 0 ? lines.length : at;
  return [...lines.slice(0, to), ...some, ...lines.slice(to)];
}

/** The lines after a change; undefined: it has nothing to change any more. A product stands in a line-up once. */
export function changed(lines: readonly Line[], change: Change): Line[] | undefined {
  switch (change.kind) {
    case 'all':
      return [...change.lines];
    case 'remove':
      return lines.some((l) => l.product === change.product) ? without(lines, change.product) : undefined;
    case 'add': {
      const news = change.lines.filter((n) => !lines.some((l) => l.product === n.product));
      return news.length ? put(lines, news, change.before) : undefined;
    }
    case 'move': {
      const line = lines.find((l) => l.product === change.product);
      if (!line || change.before === change.product) return undefined;
      return put(without(lines, change.product), [line], change.before);
    }
  }
}

/** Where a step of a line up or down puts it: in front of which product; undefined: it is at the end already. */
export function stepped(lines: readonly Line[], product: string, by: 'up' | 'down' | 'first' | 'last'): string | undefined {
  const at = lines.findIndex((l) => l.product === product);
  const last = lines.length - 1;
  if (at < 0 || (at === 0 && (by === 'up' || by === 'first')) || (at === last && (by === 'down' || by === 'last'))) return undefined;
  return { up: lines[at - 1], down: lines[at + 2], first: lines[0], last: undefined }[by]?.product ?? '';
}

/** A line as it is sent. */
export const sent = (l: Line): Schemas['Line'] => ({
  product: l.product,
  ...(l.price === undefined ? {} : { price: l.price }), ...(l.max_per_order ? { max_per_order: l.max_per_order } : {}),
  ...(l.button_label ? { button_label: l.button_label } : {}), ...(l.note ? { note: l.note } : {}), ...(l.reveal_at ? { reveal_at: l.reveal_at } : {}),
});

/** What is another after somebody's change. */
export type Difference =
  | { readonly kind: 'added' | 'gone' | 'details'; readonly line: Line }
  | { readonly kind: 'price'; readonly line: Line; readonly was: Line }
  | { readonly kind: 'order' };

const details = (l: Line): string => JSON.stringify([l.max_per_order ?? 0, l.button_label ?? '', l.note ?? '', l.reveal_at ?? '']);

export function differences(before: readonly Line[], after: readonly Line[]): Difference[] {
  const had = new Map(before.map((l) => [l.product, l]));
  const has = new Map(after.map((l) => [l.product, l]));
  const out: Difference[] = [];
  for (const line of after) {
    const was = had.get(line.product);
    if (!was) out.push({ kind: 'added', line });
    else if (was.goods.price !== line.goods.price) out.push({ kind: 'price', line, was });
    else if (details(was) !== details(line)) out.push({ kind: 'details', line });
  }
  for (const line of before) if (!has.has(line.product)) out.push({ kind: 'gone', line });
  const order = (lines: readonly Line[], other: Map<string, Line>): string => lines.filter((l) => other.has(l.product)).map((l) => l.product).join();
  if (order(before, has) !== order(after, had)) out.push({ kind: 'order' });
  return out;
}
