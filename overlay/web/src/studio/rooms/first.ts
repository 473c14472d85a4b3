import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { home } from '../../shared/server.ts';
import type { Studio } from '../context.ts';
import { hashOf } from '../route.ts';
import { wordsOf } from './words.ts';

/** `<studio-first>`: what comes next in a studio that is new, until what a show needs is done; a shop need not be connected for it. */
export class First extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property() room = '';
  @state() private done: { camera: boolean; goods: boolean; shop: boolean; show: boolean } | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { done, studio } = this;
    if (!done || (done.camera && done.goods && done.show)) return nothing;
    const words = wordsOf(studio.language);
    const step = (is: boolean, to: string, name: string, why: string): TemplateResult => html`<li data-done=${is}><a href=${to}><strong>${name}</strong></a>
      <span class="soft small">${is ? words.firstDone : why}</span></li>`;
    return html`<section class="sheet first" aria-labelledby="first-head"><h2 id="first-head">${words.firstHead}</h2><ol>
      ${step(done.camera, hashOf(`rooms/${encodeURIComponent(this.room)}`), words.connectHead, words.firstCameraWhy)}
      ${step(done.goods, hashOf('catalogue'), words.firstGoods, words.firstGoodsWhy)}
      ${step(done.shop, hashOf('shops'), words.firstShop, words.firstShopWhy)}
      ${step(done.show, hashOf('shows/new'), words.firstShow, words.firstShowWhy)}
      ${step(false, `${home}/dock/${encodeURIComponent(this.room)}`, words.firstDock, words.firstDockWhy)}</ol></section>`;
  }

  private async look(): Promise<void> {
    const { client, org } = this.studio;
    const [goods, shops, shows] = await Promise.all([client.GET('/api/v1/products', { params: { query: { org, limit: 1 } } }), client.GET('/api/v1/shops', { params: { query: { org, limit: 1 } } }), client.GET('/api/v1/shows', { params: { query: { org, limit: 20 } } })]);
    if (!goods.data || !shows.data) return; // the rooms below say what is wrong
    const all = shows.data.items ?? [];
    this.done = { camera: all.some((s) => s.started), goods: !!goods.data.items?.length, shop: !!shops.data?.items?.length, show: all.length > 0 };
  }
}

customElements.define('studio-first', First);
