import { parseShown } from '../../shared/shown.ts';
import type { Schemas, Studio } from '../context.ts';
import { beginning, type Show } from './nearest.ts';
import type { Order } from './words.ts';

type Line = Schemas['SoldLine'];
type Timed = Pick<Show, 'id' | 'started' | 'starts_at' | 'ended' | 'rehearsal'>;

const day = 86_400_000; // for so long after a show a click still counts, too
const looked = 5; // shows of which it is read what they showed

/** A show that an order may have come from: it was on at the time, or had been within a day, and showed what was bought. */
export interface Fit<S extends Timed = Show> {
  readonly show: S;
  /** It was paid while the show was on; otherwise so many ms after its end. */
  readonly after: number;
  /** What of the order was shown there, by title. */
  readonly goods: readonly string[];
}

/** The shows that were on when something was paid, or had ended less than a day before; the nearest first. */
export function onAt<S extends Timed>(shows: readonly S[], paid: string): { show: S; after: number }[] {
  const at = Date.parse(paid);
  return shows.flatMap((show) => {
    const from = show.started ? Date.parse(show.started) : Infinity;
    const after = show.ended ? Math.max(0, at - Date.parse(show.ended)) : 0;
    return show.rehearsal || at < from || after > day ? [] : [{ show, after }];
  }).sort((a, b) => a.after - b.after || Date.parse(beginning(b.show)!) - Date.parse(beginning(a.show)!)).slice(0, looked);
}

/** Those of them that showed something of the order: without a line that is ours nothing is proposed. `shown`: titles by product, by show. */
export function fitsOf<S extends Timed>(near: readonly { show: S; after: number }[], lines: readonly Line[], shown: ReadonlyMap<string, ReadonlyMap<string, string>>): Fit<S>[] {
  return near.flatMap(({ show, after }) => {
    const goods = [...new Set(lines.flatMap(({ product }) => (product ? shown.get(show.id)?.get(product) ?? [] : [])))];
    return goods.length ? [{ show, after, goods }] : [];
  });
}

/** Finds the shows that orders may have come from. It reads once what a show has shown. */
export class Fits {
  private readonly shown = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(private readonly studio: Studio) {}

  async of(order: Pick<Order, 'paid_at' | 'created'>, lines: readonly Line[], shows: readonly Show[]): Promise<Fit[]> {
    const near = onAt(shows, order.paid_at ?? order.created);
    if (!lines.some((l) => l.product)) return [];
    return fitsOf(near, lines, new Map(await Promise.all(near.map(async ({ show: { id } }) => [id, await this.read(id)] as const))));
  }

  private read(show: string): Promise<ReadonlyMap<string, string>> {
    let known = this.shown.get(show);
    if (!known) {
      known = this.studio.client.GET('/c/{show}/{file}', { params: { path: { show, file: 'products.json' } } }).then(({ data }) => new Map(parseShown(data).map(({ product: p }) => [p.id, String(p.title ?? p.sku ?? p.id)])));
      this.shown.set(show, known);
    }
    return known;
  }
}
