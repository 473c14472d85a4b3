import { fieldsOf, textOf } from '../shared/api.ts';
import { stocks, type Item, type Stock } from './item.ts';
import type { Said } from './line.ts';

/** What happened in the room, as a line of the list "who did what". */
export interface Told {
  readonly at: Date;
  readonly kind: 'pin' | 'unpin' | 'update' | 'start' | 'pause' | 'end';
  readonly product: string;
  readonly title: string;
  /** What the product's card says after it. */
  readonly price: unknown;
  readonly currency: unknown;
  readonly digits: unknown;
  readonly stock: Stock | undefined;
  /** Who did it; "": the server does not say. */
  readonly by: string;
  /** The id of its cue, and the revision of the product: by these a dock knows what it did itself. */
  readonly marks: readonly string[];
}

const kinds: Readonly<Record<string, Told['kind']>> = {
  'product.pin': 'pin', 'product.unpin': 'unpin', 'product.update': 'update', 'show.start': 'start', 'show.pause': 'pause', 'show.end': 'end',
};

/** Reads an event; undefined: it is none for the list. A card may say no more than what has changed: `known` has the rest. */
export function toldOf({ kind, data }: Said, known: (product: string) => Item | undefined): Told | undefined {
  const what = kinds[kind];
  const j = (typeof data === 'object' && data !== null ? data : {}) as { at?: unknown; cue?: unknown; event?: { product?: unknown } };
  const at = new Date(textOf(j.at));
  if (!what || Number.isNaN(at.getTime())) return undefined;
  const p = fieldsOf<'Card'>(j.event?.product);
  const product = textOf(p.id);
  const k = known(product);
  return { at, kind: what, product, title: textOf(p.title) || k?.title || textOf(p.sku) || product, price: p.price ?? k?.price, currency: p.currency ?? k?.currency, digits: p.digits ?? k?.digits, stock: stocks.find((s) => s === (p.stock ?? k?.stock)), by: '', marks: [textOf(j.cue), revision(product, p.rev)] };
}

export const revision = (product: string, rev: unknown): string => `${product}@${String(rev)}`;

/** The cards of the products that are pinned after an event, or in a state; undefined: it does not say. */
export function pinnedIn({ kind, data }: Said): unknown[] | undefined {
  const j = (typeof data === 'object' && data !== null ? data : {}) as { pinned?: unknown; state?: { pinned?: unknown } };
  const state = kind === 'state' ? j : j.state;
  return state && (Array.isArray(state.pinned) ? state.pinned : []);
}

/** The list with the name of who went on in the line-up: the pin that this made came just before. */
export function named(told: readonly Told[], { data }: Said): readonly Told[] {
  const { by, line } = (data as { event?: { lineup?: { by?: unknown; line?: unknown } } } | null)?.event?.lineup ?? {};
  const [latest, ...others] = told;
  return latest?.kind === 'pin' && latest.product === line && textOf(by) ? [{ ...latest, by: textOf(by) }, ...others] : told;
}
