import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import { hashOf } from '../route.ts';
import type { Shop } from './kinds.ts';
import './new.ts';
import './shop.ts';
import css from './shops.css?text';
import { standingOf } from './standing.ts';
import { kindOf, wordsOf } from './words.ts';

wear(css);

/** `<studio-shops>`: the shops of an organisation and of those below it; `shops/SHOP` is one of them, `shops/new` connects another. */
export class Shops extends Section {
  private readonly shops = new Pages<Shop>(this, (cursor) => this.studio.client.GET('/api/v1/shops', { params: { query: { org: this.studio.org, limit: 50, ...(cursor ? { cursor } : {}) } } }));

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('rest') && changed.get('rest') && !this.rest.length) void this.shops.load();
  }

  protected override render(): TemplateResult {
    const { studio, shops } = this;
    const words = wordsOf(studio.language);
    const [id, kind] = this.rest;
    const own = studio.may('own');
    if (id === 'new' && own) return html`<shop-new .studio=${studio} .rest=${kind ? [kind] : []}></shop-new>`;
    if (id && id !== 'new') return html`${keyed(id, html`<studio-shop .studio=${studio} .shop=${id}></studio-shop>`)}`;
    const add = html`<a class="button loud" href=${hashOf('shops/new')}>${icons.add}${words.addShop}</a>`;
    return html`<div class="head"><h1>${words.shopsHead}</h1>${own && shops.items.length ? add : nothing}<p>${words.shopsWhy}</p></div>
      ${listed(shops, studio, (items) => html`<ul class="list">${items.map((s) => this.row(s))}</ul>`, own ? empty(icons.shops, words.noShops, words.noShopsWhy, add) : empty(icons.shops, words.noShops, words.noShopsRead))}`;
  }

  private row(s: Shop): TemplateResult {
    const { language, org, orgs } = this.studio;
    const words = wordsOf(language);
    const owner = s.org === org ? '' : orgs.find((o) => o.id === s.org)?.name ?? '';
    const { how, text, next } = standingOf(s, words, language.locale);
    return html`<li class="sheet row" data-shop=${s.id} data-how=${how}>
      <h2><a href=${hashOf(`shops/${s.id}`)}>${s.name}</a></h2>
      <p class="soft">${kindOf(s.kind, words).name}${s.config.domain ? html` · <bdi>${s.config.domain}</bdi>` : nothing}${owner ? ` · ${owner}` : nothing}</p>
      <p class="lamp">${text}</p>${next ? html`<p class="soft">${next}</p>` : nothing}
      ${how === 'unfinished' && this.studio.may('own', s.org) ? html`<div class="acts"><a class="button" href=${hashOf(`shops/${s.id}`)}>${words.goOn}<span class="sr">: ${s.name}</span></a></div>` : nothing}</li>`;
  }
}

customElements.define('studio-shops', Shops);
