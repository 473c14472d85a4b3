import { html, nothing, render } from 'lit';
import { addressOf, fieldsOf, listOf, type Loose, type Schemas } from '../shared/api.ts';
import type { Cue, Product } from '../shared/cue.ts';
import type { Details } from '../shared/details.ts';
import { say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import { prices } from '../shared/product.ts';
import { clockTime } from './seek.ts';
import { pieces } from './load.ts';
import { variantsOf } from './variants.ts';
import type { PlayerWords } from './words.ts';

/** A price for some minutes, of a product or of one of its variants. Its times are the server's, in ms since 1970. */
type Offer = Loose<Schemas['PublicOffer']> & { readonly id: string; readonly price: number; readonly starts: number; readonly ends: number };

export const parseOffers = (live: unknown): Offer[] =>
  listOf<'PublicOffer'>(fieldsOf<'LiveBody'>(live).offers).filter((o): o is Offer => typeof o.id === 'string' && [o.price, o.starts, o.ends].every(Number.isSafeInteger));

const every = 2000; // ms between two looks, while there is an offer
let until = 0; // the picture said not long ago that there is one

let coupons: unknown; // most shows have none

/** Takes what a cue says of offers, as each segment does, and of coupons on the cards of a player. */
export function told(cue: Cue, player: ParentNode): void {
  if ((coupons ||= cue.coupon || cue.coupons)) void pieces().then((m) => m.hear(cue, player));
  if (cue.offer || (cue.offers as [] | undefined)?.length) until = performance.now() + 15_000;
}

interface Offers {
  list: Offer[];
  /** ms by which the server's clock is ahead; undefined: not known yet. */
  ahead?: number;
  at: number;
}
/** By the address that tells of them: one look is for all that count down. */
const shows = new Map<string, Offers>();

async function look(url: string, of: Offers): Promise<void> {
  shows.set(url, of);
  const at = performance.now();
  if (at - of.at < every || (!of.list.length && at > until)) return;
  of.at = at;
  try {
    const answer = await fetch(url, { credentials: 'omit' });
    // The header has whole seconds, and an answer is on its way for a while: the largest difference is the truest.
    const ahead = (Date.parse(answer.headers.get('date') ?? '') || Date.now()) - Date.now();
    if (of.ahead === undefined || ahead > of.ahead || of.ahead - ahead > 1500) of.ahead = ahead;
    of.list = parseOffers(await answer.json());
  } catch {
    // what is known counts on
  }
}

/** `<mediad-offer>`: the price for some minutes of a product, on its card and in lists. It stands there empty until there is one. Where what is bought has it, it stands in place of the usual price, which the page's style hides. */
export class MediadOffer extends HTMLElement {
  // Set before the element is known, and so without a value here.
  declare words: PlayerWords;
  declare product: Product; // what stands there, with its usual price
  declare show: string;
  declare facts: Details | undefined; // they name the variants
  declare variant: string | undefined; // the chosen one
  private timer = 0;

  connectedCallback(): void {
    this.timer = window.setInterval(() => this.draw(), 250);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  private draw(): void {
    const { words: { text: t, locale, origin }, show, facts } = this;
    const url = addressOf(origin, '/c/{show}/{file}', { show, file: 'live.json' });
    const of = shows.get(url) ?? { list: [], at: -every };
    void look(url, of);
    const { list, ahead = 0 } = of;
    const now = Date.now() + ahead;
    const around = this.closest('[data-product-id]');
    const o = around?.querySelector('.buy:not(.quiet), .choice') ? list.find((x) => x.product === this.product.id && now < x.ends) : undefined;
    const open = !!o && now >= o.starts && o.left !== 0;
    const meant = open && (!o.variant || o.variant === this.variant);
    this.toggleAttribute('open', meant);
    // The button means the price that stands over it, and the server has the last word.
    const link = around?.querySelector<HTMLAnchorElement>('a.buy:not(.quiet)');
    if (link) {
      const to = new URL(link.href);
      if (meant) to.searchParams.set('offer', o.id);
      else to.searchParams.delete('offer');
      if (to.href !== link.href) link.href = to.href;
    }
    const { product: p } = this;
    const sort = o && variantsOf(facts?.raw).find((v) => v.id === o.variant);
    const price = o ? money(o.price, o.currency as string, locale, o.digits as number) : '';
    const time = o ? clockTime(Math.ceil(((now < o.starts ? o.starts : o.ends) - now) / 1000)) : '';
    const says = [
      sort && Object.values(sort.options).join(', '),
      ...(!o ? [] : o.left === 0 ? [say(t.offerGone, { price })] : !open ? [say(t.offerSoon, { price, time })] : [!meant && price, t.offerOpen, say(t.offerEnds, { time }), o.left && say(t.offerLeft, { n: o.left as number })]),
    ].filter(Boolean).join(' · ');
    // One price is large, and one is struck: the list price, or else the usual one.
    const struck = Math.max(Number(p.list_price), Number(p.price));
    render(html`${says && html`<p class="ends">${says}</p>`}${meant ? prices({ ...p, price: o.price, currency: o.currency as string, digits: o.digits as number, list_price: struck }, this.words) : nothing}`, this);
  }
}

customElements.get('mediad-offer') ?? customElements.define('mediad-offer', MediadOffer);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-offer': MediadOffer;
  }
}
