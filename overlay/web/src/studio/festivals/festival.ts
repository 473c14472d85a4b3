import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { day } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { festivalFields, festivalIn } from './form.ts';
import './now.ts';
import { pictureButton } from './picture.ts';
import './report.ts';
import './shops.ts';
import { standing, wordsOf, type Festival, type Words } from './words.ts';

/** `<studio-festival>`: a festival that one's organisation holds: how it goes now, its shops, its figures, its settings. */
export class FestivalPage extends Section {
  @property() festival = '';
  @property() tab = 'now';
  @property() by = '';
  @state() private at: Festival | undefined;
  @state() private missing = '';
  @state() private trouble = '';
  @state() private picture = '';
  private filled = 0; // how often the form was

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('festival') && this.festival) void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, at } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="back" href=${hashOf('festivals')}>${words.all}</a>`;
    if (this.missing) return html`${back}<div class="empty" role="alert"><p>${this.missing}</p></div>`;
    if (!at) return html`${back}<p class="soft" role="status">${language.words.loadingPart}</p>`;
    const own = studio.may('own', at.org);
    const { how, text } = standing(at, words);
    const tab = (to: string, name: string): TemplateResult => html`<a class="button" href=${hashOf(`festivals/${at.slug}/${to}`)} aria-current=${this.tab === to ? 'page' : nothing}>${name}</a>`;
    return html`${back}<div class="head" data-how=${how}><h1><bdi>${at.title}</bdi></h1><a class="button" href=${`festival/${encodeURIComponent(at.slug)}`} target="_blank" rel="noopener">${words.openPage}</a>
        <p><span class="lamp">${text}</span> ${say(words.joinWhen, { from: day(at.starts_at, language.locale), to: day(at.ends_at, language.locale) })}</p></div>
      <nav class="tabs" aria-label=${words.tabsLabel}>${tab('now', words.tabNow)}${tab('shops', words.tabShops)}${tab('report', words.tabReport)}${own ? tab('settings', words.tabSettings) : nothing}</nav>
      ${this.tab === 'shops' ? html`<festival-shops .studio=${studio} festival=${at.slug} ?own=${own}></festival-shops>`
        : this.tab === 'report' ? html`<festival-report .studio=${studio} .festival=${at} by=${this.by || 'room'}></festival-report>`
        : this.tab === 'settings' && own ? this.settings(at, words)
        : html`<festival-now .studio=${studio} festival=${at.slug}></festival-now>`}`;
  }

  private settings(at: Festival, words: Words): TemplateResult {
    const { studio } = this;
    return html`${keyed(this.filled, html`<form class="sheet fields" @submit=${(e: SubmitEvent) => void this.save(e)}>
        ${festivalFields(at, '', undefined, words, { picture: this.picture, upload: pictureButton(studio, words, (path, wrong) => { this.trouble = wrong; if (path) this.picture = path; }) })}
        ${this.trouble ? html`<p class="trouble wide" role="alert">${this.trouble}</p>` : nothing}
        <div class="acts wide"><button class="loud" type="submit">${words.save}</button></div></form>`)}
      <div class="acts"><studio-ask .words=${studio.language.words} label=${words.remove} question=${say(words.removeAsk, { title: at.title })} yes=${words.removeYes} .act=${() => this.dismiss()}></studio-ask></div>`;
  }

  private get path() {
    return { path: { festival: this.festival } };
  }

  private async load(): Promise<void> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/festivals/{festival}', { params: this.path });
    if (answer.data) this.take(answer.data);
    else this.missing = answer.response.status === 404 ? words.gone : wrong(answer);
  }

  private take(at: Festival): void {
    this.at = at;
    this.picture = at.picture ?? '';
    this.filled++;
  }

  private async save(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const said = festivalIn(new FormData(e.target as HTMLFormElement));
    if (!said) return void (this.trouble = words.noTime);
    const answer = await client.PATCH('/api/v1/festivals/{festival}', { params: this.path, body: said });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    this.take(answer.data);
    tell(words.saved);
  }

  private async dismiss(): Promise<string> {
    const { client, wrong, tell, go, language } = this.studio;
    const answer = await client.DELETE('/api/v1/festivals/{festival}', { params: this.path });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    const words = wordsOf(language);
    tell(words.removed);
    go('festivals');
    return '';
  }
}

customElements.define('studio-festival', FestivalPage);
