import type { Product } from './cue.ts';
import type { Planned } from './lineup.ts';
import type { Early } from './shown.ts';

/** The list of products that a show has shown, and of those that it will show as far as they are revealed: from the stream while it plays, and earlier ones from the server. */

export interface Good {
  readonly product: Product;
  readonly show: string;
  /** It is pinned at this moment of the picture. */
  readonly on: boolean;
  /** It was not shown yet, and is revealed: what comes up. */
  readonly coming: boolean;
  /** What its button says; "": the usual words. */
  readonly label: string;
}

export class Goods {
  private list = new Map<string, Omit<Good, 'coming' | 'label'>>();
  private lineup: readonly Planned[] = [];
  private today = new Map<string, Partial<Product>>(); // of a show that is over
  private show = '';

  /** Takes a product from the stream. Another show begins a new list. */
  note(product: Product, show: string, on: boolean): void {
    this.enter(show);
    const was = this.list.get(product.id);
    this.list.set(product.id, { product: { ...was?.product, ...product, ...this.today.get(product.id) }, show, on });
  }

  /**
   * Takes the products that, according to the server, were shown so far. `until` is the date of the picture, so that
   * no product appears before its moment. Data from the stream of a live show is newer; of a recording it is old. True: the list has changed.
   */
  early(show: string, shown: readonly Early[], until: number): boolean {
    this.enter(show);
    const heard = this.list;
    this.list = new Map();
    for (const { product, date, now } of shown) {
      const known = heard.get(product.id);
      const over = now?.price !== undefined;
      if (over) this.today.set(product.id, now);
      if (!known && date > until) continue;
      this.list.set(product.id, known?.on && !over ? known : { product: { ...(known?.product ?? product), ...now }, show, on: known?.on ?? false });
    }
    for (const [id, good] of heard) if (!this.list.has(id)) this.list.set(id, good);
    return [...this.list].some(([id, good]) => JSON.stringify(heard.get(id)) !== JSON.stringify(good));
  }

  /** Takes the line-up as viewers may know it. True: the list has changed. */
  planned(show: string, lines: readonly Planned[]): boolean {
    this.enter(show);
    const was = JSON.stringify(this.lineup);
    this.lineup = lines;
    return JSON.stringify(lines) !== was;
  }

  /** The show is over: nothing comes up any more. */
  finish(): void {
    this.lineup = [];
  }

  /** The newest comes first (`told`: in the order of the show, as its chapters are), and what comes up stands behind, in the order of the line-up. A product that is on now keeps its place: a button must not move while a finger is on it. */
  all(told = false): Good[] {
    const { list, lineup, show } = this;
    const label = (id: string): string => lineup.find((l) => l.product.id === id)?.label ?? '';
    return [
      ...(told ? [...list.values()] : [...list.values()].reverse()).map((g) => ({ ...g, coming: false, label: label(g.product.id) })),
      ...lineup.filter((l) => !list.has(l.product.id)).map(({ product, label }) => ({ product, label, show, on: false, coming: true })),
    ];
  }

  private enter(show: string): void {
    if (show === this.show) return;
    if (this.show) this.list = new Map();
    this.today = new Map();
    this.lineup = [];
    this.show = show;
  }
}
