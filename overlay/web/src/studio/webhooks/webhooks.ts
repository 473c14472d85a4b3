import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import { ago } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import './new.ts';
import './webhook.ts';
import css from './webhooks.css?text';
import { called, standing, wordsOf, type Webhook } from './words.ts';

wear(css);

/** `<studio-webhooks>`: the webhooks of an organisation and of those below it; `webhooks/ID` is one of them, `webhooks/new` adds another. */
export class Webhooks extends Section {
  /** The secret of the one that was added just now. */
  @state() private made: Schemas['MadeWebhook'] | undefined;
  private readonly hooks = new Pages<Webhook>(this, (cursor) => this.studio.client.GET('/api/v1/webhooks', { params: { query: { org: this.studio.org, limit: 50, ...(cursor ? { cursor } : {}) } } }));

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('rest') && changed.get('rest') && !this.rest.length) void this.hooks.load();
    if (changed.has('rest') && this.made && this.rest[0] !== this.made.id) this.made = undefined;
  }

  protected override render(): TemplateResult {
    const { studio, hooks } = this;
    const words = wordsOf(studio.language);
    const [id] = this.rest;
    if (id === 'new') return html`<webhook-new .studio=${studio} .made=${(w: Schemas['MadeWebhook']) => { studio.go(`webhooks/${w.id}`); this.made = w; }}></webhook-new>`;
    if (id) return html`${keyed(id, html`<studio-webhook .studio=${studio} .webhook=${id} .secret=${this.made?.id === id ? this.made.secret : ''}></studio-webhook>`)}`;
    const add = html`<a class="button loud" href=${hashOf('webhooks/new')}>${icons.add}${words.add}</a>`;
    return html`<div class="head"><h1>${words.head}</h1>${hooks.items.length ? add : nothing}<p>${words.why}</p></div>
      ${listed(hooks, studio, (items) => html`<ul class="list">${items.map((w) => this.row(w))}</ul>`, empty(icons.webhooks, words.none, words.noneWhy, add))}`;
  }

  private row(w: Webhook): TemplateResult {
    const { language, org, orgs } = this.studio;
    const words = wordsOf(language);
    const owner = w.org === org ? '' : orgs.find((o) => o.id === w.org)?.name ?? '';
    const { how, head, why } = standing(w, words, (at) => ago(at, language.locale));
    return html`<li class="sheet row" data-how=${how}>
      <h2><a href=${hashOf(`webhooks/${w.id}`)}><bdi>${called(w)}</bdi></a></h2>
      <p class="soft"><bdi dir="ltr">${new URL(w.url).host}</bdi>${owner ? ` · ${owner}` : nothing}${w.waiting ? ` · ${say(words.waiting, { n: w.waiting })}` : nothing}</p>
      <p class="lamp">${head}</p>${how === 'bad' ? html`<p class="soft small">${why}</p>` : nothing}</li>`;
  }
}

customElements.define('studio-webhooks', Webhooks);
