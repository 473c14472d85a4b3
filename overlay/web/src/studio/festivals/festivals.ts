import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import '../parts/ask.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import { day } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import './festival.ts';
import css from './festivals.css?text';
import './join.ts';
import './new.ts';
import { standing, wordsOf, type Festival } from './words.ts';

wear(css);

type Part = Schemas['Participation'];

/** `<studio-festivals>`: those that an organisation holds, and those in which it takes part; `festivals/SLUG` is one, `festivals/new` makes another, `festivals/join/TOKEN` is an invitation. */
export class Festivals extends Section {
  private readonly own = new Pages<Festival>(this, (cursor) => this.studio.client.GET('/api/v1/festivals', { params: { query: { org: this.studio.org, limit: 50, ...(cursor ? { cursor } : {}) } } }));
  private readonly parts = new Pages<Part>(this, (cursor) => this.studio.client.GET('/api/v1/participations', { params: { query: { org: this.studio.org, limit: 50, ...(cursor ? { cursor } : {}) } } }));

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('rest') && changed.get('rest') && !this.rest.length) void Promise.all([this.own.load(), this.parts.load()]);
  }

  protected override render(): TemplateResult {
    const { studio, own, parts } = this;
    const words = wordsOf(studio.language);
    const [at, more] = this.rest;
    if (at === 'join' && more) return html`<festival-join .studio=${studio} token=${more}></festival-join>`;
    if (at === 'rooms' && more) return html`<festival-join .studio=${studio} participation=${more}></festival-join>`;
    if (at === 'new') return html`<festival-new .studio=${studio}></festival-new>`;
    if (at) return html`${keyed(at, html`<studio-festival .studio=${studio} festival=${at} tab=${more ?? 'now'} by=${this.rest[2] ?? ''}></studio-festival>`)}`;
    const may = studio.may('own');
    const add = html`<a class="button loud" href=${hashOf('festivals/new')}>${icons.add}${words.make}</a>`;
    const joined = parts.items.filter((p) => p.part.status === 'accepted');
    return html`<div class="head"><h1>${words.head}</h1>${may && own.items.length ? add : nothing}<p>${words.why}</p></div>
      ${listed(own, studio, (items) => html`<ul class="list">${items.map((f) => this.row(f))}</ul>`, joined.length ? (may ? html`<div class="acts">${add}</div>` : nothing) : empty(icons.festivals, words.ownNone, may ? words.ownNoneWhy : words.ownNoneRead, may ? add : undefined))}
      ${joined.length ? html`<section class="stack" aria-labelledby="part-head"><h2 id="part-head">${words.partHead}</h2><ul class="list">${joined.map((p) => this.joined(p))}</ul></section>` : nothing}`;
  }

  private row(f: Festival): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { how, text } = standing(f, words);
    return html`<li class="sheet row" data-how=${how}><h2><a href=${hashOf(`festivals/${f.slug}`)}><bdi>${f.title}</bdi></a></h2>
      <p class="soft">${say(words.joinWhen, { from: day(f.starts_at, language.locale), to: day(f.ends_at, language.locale) })}</p><p class="lamp">${text}</p></li>`;
  }

  private joined(p: Part): TemplateResult {
    const { language, may } = this.studio;
    const words = wordsOf(language);
    const { how, text } = standing(p.festival, words);
    return html`<li class="sheet part" data-how=${how} data-part=${p.part.id}><h3><a href=${`festival/${encodeURIComponent(p.festival.slug)}`} target="_blank" rel="noopener"><bdi>${p.festival.title}</bdi></a></h3>
      <p class="soft">${say(words.by, { name: p.organiser })} · ${say(words.joinWhen, { from: day(p.festival.starts_at, language.locale), to: day(p.festival.ends_at, language.locale) })}</p>
      <p>${say(words.withRooms, { rooms: (p.part.rooms ?? []).map((r) => r.title || r.slug).join(', ') })}</p><p class="lamp">${text}</p>
      ${may('own', p.part.org) ? html`<div class="acts"><a class="button" href=${hashOf(`festivals/rooms/${p.part.id}`)}>${words.changeRooms}</a>
        <studio-ask .words=${language.words} label=${words.leave} question=${say(words.leaveAsk, { title: p.festival.title })} yes=${words.leaveYes} .act=${() => this.leave(p)}></studio-ask></div>` : nothing}</li>`;
  }

  private async leave(p: Part): Promise<string> {
    const { client, wrong, tell, language } = this.studio;
    const answer = await client.DELETE('/api/v1/participations/{participation}', { params: { path: { participation: p.part.id } } });
    if (!answer.response.ok) return wrong(answer);
    const words = wordsOf(language);
    tell(words.left);
    await this.parts.load();
    return '';
  }
}

customElements.define('studio-festivals', Festivals);
