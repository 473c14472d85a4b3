import { addressOf, fieldsOf, listOf, type Loose, type Schemas } from '../shared/api.ts';
import { say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import { clockTime } from './seek.ts';
import type { PlayerWords } from './words.ts';

/** A price for some minutes. Its times are the server's, in ms since 1970. */
type Offer = Loose<Schemas['PublicOffer']> & { readonly id: string; readonly price: number; readonly starts: number; readonly ends: number };

/** One of a variant stands with its choice, and not on the card. */
export const parseOffers = (live: unknown): Offer[] =>
  listOf<'PublicOffer'>(fieldsOf<'LiveBody'>(live).offers).filter((o): o is Offer => typeof o.id === 'string' && !o.variant && [o.price, o.starts, o.ends].every(Number.isSafeInteger));

const every = 2000; // ms between two looks, while there is an offer

/** `<mediad-offer>`: the price for some minutes of a product, on its card. It stands there empty until there is one. */
export class MediadOffer extends HTMLElement {
  // Set before the element is known, and so without a value here.
  declare words: PlayerWords;
  declare product: string;
  declare show: string;
  private offers: Offer[] = [];
  private ahead: number | undefined; // ms by which the server's clock is ahead; undefined: not known yet
  private at = -every;
  private until = 0; // the picture said not long ago that there is one
  private timer = 0;

  connectedCallback(): void {
    this.timer = window.setInterval(() => this.draw(), 250);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  /** The picture says that there is one, as each of its segments does. */
  told(): void {
    this.until = performance.now() + 15_000;
  }

  private async look(): Promise<void> {
    const at = performance.now();
    if (at - this.at < every || (!this.offers.length && at > this.until)) return;
    this.at = at;
    try {
      const answer = await fetch(addressOf(this.words.origin, '/c/{show}/{file}', { show: this.show, file: 'live.json' }), { credentials: 'omit' });
      // The header has whole seconds, and an answer is on its way for a while: the largest difference is the truest.
      const ahead = Date.parse(answer.headers.get('date') ?? '') - Date.now();
      if (!Number.isNaN(ahead) && (this.ahead === undefined || ahead > this.ahead || this.ahead - ahead > 1500)) this.ahead = ahead;
      this.offers = parseOffers(await answer.json());
    } catch {
      // what is known counts on
    }
  }

  private draw(): void {
    const { words: { text: t, locale } } = this;
    void this.look();
    const now = Date.now() + (this.ahead ?? 0);
    const link = this.parentElement?.querySelector<HTMLAnchorElement>('a.buy:not(.quiet)');
    const o = link ? this.offers.find((x) => x.product === this.product && now < x.ends) : undefined;
    const open = !!o && now >= o.starts && o.left !== 0;
    this.toggleAttribute('open', open);
    // The button means the price that stands over it, and the server has the last word.
    if (link) {
      const to = new URL(link.href);
      if (open) to.searchParams.set('offer', o.id);
      else to.searchParams.delete('offer');
      if (to.href !== link.href) link.href = to.href;
    }
    const says = o ? say(o.left === 0 ? t.offerGone : open ? t.offerOpen : t.offerSoon,
      { price: money(o.price, o.currency as string, locale, o.digits as number), time: clockTime(Math.ceil(((now < o.starts ? o.starts : o.ends) - now) / 1000)) }) + (o.left && open ? ` · ${say(t.offerLeft, { n: o.left as number })}` : '') : '';
    if (this.textContent !== says) this.textContent = says;
  }
}

customElements.get('mediad-offer') ?? customElements.define('mediad-offer', MediadOffer);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-offer': MediadOffer;
  }
}
