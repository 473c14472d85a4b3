import { fieldsOf, textOf } from '../shared/api.ts';
import { stocks, type Item, type Stock } from './item.ts';
import type { Said } from './line.ts';

/** Who did something. `page` is the name that a page gave itself: by it a dock knows its own deeds, also before they are answered. */
export interface By {
  readonly name: string;
  readonly page: string;
}

/** What happened in the room, as a line of the list "who did what". */
export interface Told {
  /** Its show, and its place in the log of that show; 0: no log has it. */
  readonly show: string;
  readonly pos: number;
  readonly at: Date;
  readonly kind: 'pin' | 'unpin' | 'update' | 'lineup' | 'start' | 'pause' | 'end' | 'offer' | 'offerEnd';
  readonly product: string;
  readonly title: string;
  /** What of it has changed; undefined: that has not. */
  readonly price: unknown;
  /** The price before; undefined: not known. */
  readonly was?: number | undefined;
  readonly currency: unknown;
  readonly digits: unknown;
  readonly stock: Stock | undefined;
  /** Who did it; undefined: nobody whom the server knows. */
  readonly by: By | undefined;
}

const kinds: Readonly<Record<string, Told['kind']>> = {
  'product.pin': 'pin', 'product.unpin': 'unpin', 'product.update': 'update', 'lineup.changed': 'lineup', 'show.start': 'start', 'show.pause': 'pause', 'show.end': 'end', 'offer.start': 'offer', 'offer.end': 'offerEnd',
};

/** Reads an event; undefined: it is none for the list. The card of a change says no more than what has changed: `known` has the title and the currency; `priced` has the prices that were told last, and takes those of the card. A change of the run of show that is one of a price is told as that. */
export function toldOf({ kind, id, data }: Said, known: (product: string) => Item | undefined, priced = new Map<string, number>()): Told | undefined {
  const what = kinds[kind];
  const j = (typeof data === 'object' && data !== null ? data : {}) as { at?: unknown; by?: unknown; show?: unknown; event?: { product?: unknown; offer?: { product?: unknown; price?: unknown; currency?: unknown; digits?: unknown }; lineup?: { product?: unknown; was?: unknown; price?: unknown } } };
  const at = new Date(textOf(j.at));
  if (!what || Number.isNaN(at.getTime())) return undefined;
  const line = j.event?.lineup;
  const offer = j.event?.offer;
  const p = offer ? { ...offer, id: offer.product, title: '', sku: '', stock: undefined } : line ? { id: line.product, price: line.price, title: '', sku: '', currency: undefined, digits: undefined, stock: undefined } : fieldsOf<'Card'>(j.event?.product);
  const product = textOf(p.id);
  const k = known(product);
  const was = typeof line?.was === 'number' ? line.was : priced.get(product);
  if (typeof p.price === 'number' && !offer) priced.set(product, p.price);
  return { show: textOf(j.show), pos: Number(id) || 0, was, at, kind: what === 'lineup' && typeof p.price === 'number' ? 'update' : what, product, title: textOf(p.title) || k?.title || textOf(p.sku) || product, price: p.price, currency: p.currency ?? k?.currency, digits: p.digits ?? k?.digits, stock: stocks.find((s) => s === p.stock), by: byOf(j.by) };
}

/** A line about a change of a product in the catalogue: of a change that the dock does not know it says no numbers, as of one of the link or the pictures. */
export const changeOf = (was: Item | undefined, now: Item): Omit<Told, 'at' | 'by'> =>
  ({ show: '', pos: 0, kind: 'update', product: now.id, title: now.title, price: was && was.price !== now.price ? now.price : undefined, was: was?.price, currency: now.currency, digits: now.digits, stock: was && was.stock !== now.stock ? now.stock : undefined });

/** The show that an event, or the first state, belongs to; "": it is about none, or about one that is planned for later. */
export const showOf = ({ kind, id, data }: Said): string => (id || kind === 'state' ? textOf((data as { show?: unknown } | null)?.show) : '');

/** The revision of the run of show after an event, and its present line. */
export function lineIn({ data }: Said): { readonly rev: number; readonly line: string } {
  const { rev, line } = (data as { event?: { lineup?: { rev?: unknown; line?: unknown } } } | null)?.event?.lineup ?? {};
  return { rev: typeof rev === 'number' ? rev : -1, line: textOf(line) };
}

/** The products that changed in the catalogue; undefined: too many to name. */
export function editsIn({ data }: Said): { readonly product: string; readonly by: By | undefined }[] | undefined {
  const { products, many } = (typeof data === 'object' && data !== null ? data : {}) as { products?: unknown; many?: unknown };
  if (many === true || !Array.isArray(products)) return undefined;
  return products.map((e: { product?: unknown; by?: unknown } | null) => ({ product: textOf(e?.product), by: byOf(e?.by) })).filter((e) => e.product);
}

function byOf(json: unknown): By | undefined {
  const { name, page } = (typeof json === 'object' && json !== null ? json : {}) as { name?: unknown; page?: unknown };
  return textOf(name) ? { name: textOf(name), page: textOf(page) } : undefined;
}

/** The list with what happened now. A step in the run of show, and a price in it, are told once: the change of the run of show is one with them. */
export function told(list: readonly Told[], t: Told): readonly Told[] {
  const [latest, ...others] = list;
  const one = latest && latest.at.getTime() === t.at.getTime() && latest.by?.name === t.by?.name;
  if (one && t.kind === 'lineup') return list;
  if (one && latest.kind === 'lineup' && t.kind === 'update') return [t, ...others];
  return one && latest.kind === 'update' && t.kind === 'update' && latest.product === t.product ? [{ ...t, was: t.was ?? latest.was, stock: t.stock ?? latest.stock }, ...others] : [t, ...list];
}

/** The cards of the products that are pinned after an event, or in a state; undefined: it does not say. */
export function pinnedIn({ kind, data }: Said): unknown[] | undefined {
  const j = (typeof data === 'object' && data !== null ? data : {}) as { pinned?: unknown; state?: { pinned?: unknown } };
  const state = kind === 'state' ? j : j.state;
  return state && (Array.isArray(state.pinned) ? state.pinned : []);
}
