import { fieldsOf, listOf, textOf, type Schemas } from '../shared/api.ts';
import { money } from '../shared/money.ts';
import { webURL } from '../shared/web-url.ts';

/** What viewers see besides the picture, now and later: the room's pins and its scheduled cues, as the panel needs them. */

/** A product that is on the screen. */
export interface Pinned {
  readonly id: string;
  readonly title: string;
  readonly image: string;
  readonly stock: string;
  readonly price: (locale: string) => string;
}

/** A cue that waits for its moment. */
export interface Coming {
  readonly id: string;
  readonly kind: string;
  readonly due: Date;
  /** The product's title, the notice's text, or the data of a custom cue. */
  readonly what: string;
}

export interface Programme {
  readonly pinned: readonly Pinned[];
  readonly coming: readonly Coming[];
  /** More cues wait than are in the list. */
  readonly more: boolean;
}

export const noProgramme: Programme = { pinned: [], coming: [], more: false };

const titleOf = (p: { title?: unknown; sku?: unknown; id?: unknown }): string => textOf(p.title) || textOf(p.sku) || textOf(p.id);

/** Reads GET …/pins. */
export function parsePinned(json: unknown, base: string): Pinned[] {
  return listOf<'PinBody'>(fieldsOf<'PinListBody'>(json).items).map((pin) => {
    const p = fieldsOf<'PricedProduct'>(pin.product);
    const image: unknown = p.image ?? (Array.isArray(p.images) ? p.images[0] : undefined);
    return { id: textOf(p.id), title: titleOf(p), image: webURL(image, base), stock: textOf(p.stock), price: (locale: string) => money(p.price, p.currency, locale, p.digits) };
  }).filter((p) => p.id);
}

/** Reads GET …/cues. */
export function parseComing(json: unknown): Pick<Programme, 'coming' | 'more'> {
  const j = fieldsOf<'WaitingListBody'>(json);
  const coming = listOf<'Waiting'>(j.items).map((c) => ({ id: textOf(c.id), kind: textOf(c.kind), due: new Date(textOf(c.due)), what: whatOf(c) }));
  return { coming: coming.filter((c) => c.id && !Number.isNaN(c.due.getTime())), more: textOf(j.next) !== '' };
}

function whatOf(c: { readonly [Name in keyof Schemas['Waiting']]?: unknown }): string {
  if (c.product) return titleOf(fieldsOf<'Card'>(c.product));
  return textOf(c.text) || (c.data === undefined ? '' : JSON.stringify(c.data));
}
