import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ProductDetail } from '../player/events.ts';
import type { MediadPlayer } from '../player/player.ts';
import { clockTime } from '../player/seek.ts';
import { wordsFor } from '../player/words.ts';
import { addressOf, read } from '../shared/api.ts';
import { details, detailsURL, type Details } from '../shared/details.ts';
import { icons } from '../shared/icons.ts';
import { parseShown } from '../shared/shown.ts';
import { badge, buy, picture, prices, titleOf, type CardWords } from '../shared/product.ts';
import { reveal, type ChapterRail } from './chapter-rail.ts';
import { Goods, type Good } from '../shared/goods.ts';
import type { Words } from './words.ts';

const every = 15_000; // ms between two looks at the line-up

/** `<watch-goods>`: the products that a show has shown, from the player's events, earlier ones from the server, and those that come up as far as they are revealed. */
export class GoodsList extends LitElement {
  private readonly goods = new Goods();
  private readonly facts = new Map<string, Details>(); // by the address of a revision's details
  private player!: MediadPlayer;
  private rail!: ChapterRail;
  private words!: CardWords & { readonly text: Words };
  private over = false; // the show has ended, and the server has told all that it has shown
  private asked = ''; // show and phase of the last request for the list
  private looked = -Infinity; // when the line-up was asked for
  private undated = 0; // how often a live picture had no date (yet)
  private timer = 0;

  /** The page styles it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  follow(player: MediadPlayer, rail: ChapterRail, words: CardWords & { readonly text: Words }): void {
    if (this.timer) return;
    [this.player, this.rail, this.words] = [player, rail, words];
    for (const kind of ['product-pin', 'product-update', 'product-unpin']) {
      player.addEventListener(kind, (e) => this.note(kind, (e as CustomEvent<ProductDetail>).detail));
    }
    rail.addEventListener('chapters', () => this.requestUpdate());
    this.timer = window.setInterval(() => (void this.catchUp(), void this.lookAhead()), 1000);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  /** The player has another phase. */
  entered(): void {
    const phase = this.phase();
    this.over = false;
    if (phase === 'ended' || phase === 'replay') this.goods.finish();
    this.requestUpdate();
  }

  private phase(): string {
    return this.player.dataset['state'] ?? '';
  }

  private note(kind: string, { product, show }: ProductDetail): void {
    this.goods.note(product, show, kind !== 'product-unpin');
    this.requestUpdate();
  }

  /** Gets what is revealed of the line-up, before a show and during it; a product may be revealed at any moment. */
  private async lookAhead(): Promise<void> {
    const { show, next } = this.player.programme;
    const phase = this.phase();
    const of = phase === 'live' || phase === 'interrupted' ? show : phase === 'before' ? next : '';
    if (!of || document.hidden || performance.now() - this.looked < every) return;
    this.looked = performance.now();
    const { askLineup } = await import('../shared/lineup.ts');
    const lines = await askLineup(this.words.origin, of);
    if (lines && this.goods.planned(of, lines)) this.requestUpdate();
  }

  /** Gets the products that were shown before this viewer came, during the show or after its end. */
  private async catchUp(): Promise<void> {
    const { show, date } = this.player.programme;
    const phase = this.phase();
    const live = phase === 'live' || phase === 'interrupted';
    if (!show || document.hidden || !(live || phase === 'replay' || phase === 'ended') || this.asked === show + phase) return;
    if (live && !date && ++this.undated < 10) return;
    this.asked = show + phase;
    const json = await read(addressOf(this.words.origin, '/c/{show}/{file}', { show, file: 'products.json' }));
    if (!json) return void (this.player.programme.missing || (this.asked = '')); // the next request may find more
    this.over = !live;
    this.goods.early(show, parseShown(json), live && date ? date : Infinity);
    this.requestUpdate();
  }

  /** The details beyond the cue, fetched once for each revision. */
  private more({ product, show }: Good): Details | undefined {
    const { facts, words } = this;
    const key = detailsURL(words.origin, show, product);
    if (!facts.has(key)) {
      void details(words.origin, show, product).then((d) => {
        if (!d || facts.has(key)) return;
        facts.set(key, d);
        this.requestUpdate();
      });
    }
    return facts.get(key);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.timer) return nothing;
    const { text } = this.words;
    const all = this.goods.all(this.told());
    const count = document.getElementById('seen-count');
    if (count) count.textContent = all.length ? String(all.length) : '';
    this.player.goods = all.length;
    this.hidden = !all.length && this.player.programme.missing; // nothing will appear
    return all.length
      ? html`<ul class="goods">${repeat(all, (g) => g.product.id, (g) => this.item(g))}</ul>`
      : html`<p class="empty">${icons.bag}<span>${this.over && !this.player.programme.paused ? text.nothingShown : text.nothingYet}</span></p>`;
  }

  /** A recording is there: its list goes as its chapters do. */
  private told(): boolean {
    return this.phase() === 'replay' || (this.over && !this.player.programme.paused);
  }

  /** The sizes of a product are chosen in the player's list. */
  private choose(id: string): void {
    reveal(this.player);
    void this.player.choose(id);
  }

  private item(g: Good): TemplateResult {
    const { product: p, show, on, coming, label } = g;
    const { words, rail } = this;
    const { text } = words;
    const d = this.more(g);
    const title = titleOf(p, d, words);
    const explained = rail.of(p.id);
    return html`<li class="good" data-product-id=${p.id} ?data-on=${on} data-stock=${p.stock ?? 'in'}>
      <span class="pic" aria-hidden="true">${picture(d, 'lazy')}
        ${on ? html`<span class="on">${text.onNow}</span>` : coming ? html`<span class="on soon">${text.nextUp}</span>` : nothing}</span>
      <div class="facts">
        <h3 dir="auto">${title}</h3>
        ${badge(p, text)}
        <div class="deal">${prices(p, words)}${buy(p, d, show, title, words, undefined, label, /^(live|replay)$/.test(this.phase()) ? () => this.choose(p.id) : undefined)}<mediad-offer .words=${wordsFor('', words.locale)} .product=${p} .show=${show} .facts=${d}></mediad-offer></div>
        ${explained ? html`<button class="explain" type="button" @click=${() => rail.go(explained)}>${icons.play}<span>${text.explain} · ${clockTime(explained.start)}</span></button>` : nothing}
      </div>
    </li>`;
  }
}

customElements.define('watch-goods', GoodsList);
