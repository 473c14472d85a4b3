import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import { ago } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { hears, type Shop } from './kinds.ts';
import './new.ts';
import './shop.ts';
import css from './shops.css?text';
import { kindOf, wordsOf } from './words.ts';

wear(css);

const asked = 20; // shops of a list of which the last order is looked up

/** `<studio-shops>`: the shops of an organisation and of those below it; `shops/SHOP` is one of them, `shops/new` connects another. */
export class Shops extends Section {
  /** When the last order of a shop came, by its id; "": it had none yet. */
  @state() private last: ReadonlyMap<string, string> = new Map();
  private readonly shops = new Pages<Shop>(this, async (cursor) => {
    const answer = await this.studio.client.GET('/api/v1/shops', { params: { query: { org: this.studio.org, limit: 50, ...(cursor ? { cursor } : {}) } } });
    void this.lookUp(answer.data?.items ?? []);
    return answer;
  });

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
    const at = this.last.get(s.id);
    return html`<li class="sheet row" data-shop=${s.id} data-how=${!hears(s) ? 'unfinished' : at ? 'connected' : 'waits'}>
      <h2><a href=${hashOf(`shops/${s.id}`)}>${s.name}</a></h2>
      <p class="soft">${kindOf(s.kind, words).name}${s.config.domain ? html` · <bdi>${s.config.domain}</bdi>` : nothing}${owner ? ` · ${owner}` : nothing}</p>
      <p class="lamp">${!hears(s) ? words.unfinished : at ? say(words.lastOrder, { ago: ago(at, language.locale) }) : at === '' ? words.waitsFirst : words.ready}</p></li>`;
  }

  private async lookUp(shops: readonly Shop[]): Promise<void> {
    const { client } = this.studio;
    const some = shops.filter((s) => hears(s) && this.studio.may('figures', s.org)).slice(0, asked);
    const found = await Promise.all(some.map(async ({ id }) => [id, (await client.GET('/api/v1/orders', { params: { query: { shop: id, limit: 1 } } })).data] as const));
    this.last = new Map([...this.last, ...found.flatMap(([id, data]) => (data ? [[id, data.items?.[0]?.created ?? ''] as const] : []))]);
  }
}

customElements.define('studio-shops', Shops);
