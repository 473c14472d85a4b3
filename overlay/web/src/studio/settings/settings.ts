import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-settings.ts';
import { say } from '../../shared/language.ts';
import type { Org } from '../context.ts';
import { nested } from '../frame/orgs.ts';
import { currencyThere } from '../parts/currencies.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { wear } from '../parts/wear.ts';
import { changed, orgFields, orgIn } from './fields.ts';
import './mail.ts';
import style from './settings.css?text';

wear(style);

/** `<studio-settings>`: the chosen organisation, and those below it. */
export class Settings extends Section {
  @state() private trouble = '';
  @state() private adding = false;
  @state() private addTrouble = '';
  @state() private busy = false;
  @state() private there = ''; // the currency of the products, where none is chosen
  private key = newKey();

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.studio.orgs.find((o) => o.id === this.studio.org)?.currency) void currencyThere(this.studio).then((there) => (this.there = there));
  }

  protected override render(): TemplateResult {
    const { studio } = this;
    const words = studio.language.in(table);
    const org = studio.orgs.find((o) => o.id === studio.org);
    if (!org) return html``;
    const one = studio.orgs.length < 2; // there is no other, so it is the shop, and nobody needs the word for several
    return html`
      <div class="head"><h1>${words.settingsHead}</h1><p>${one ? words.settingsWhyOne : words.settingsWhy}</p></div>
      <form class="sheet fields" @submit=${(e: SubmitEvent) => void this.save(e, org)}>
        ${orgFields(org, studio, this.there)}
        <div class="acts wide"><button class="loud" type="submit" ?disabled=${this.busy}>${words.saveSettings}</button>
          ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</div>
      </form>
      ${studio.may('operate', 'home') ? html`<studio-mail .studio=${studio}></studio-mail>` : nothing}
      <section class="sheet tree"><div class="head"><h2>${one ? words.treeHeadOne : words.treeHead}</h2>
        ${this.adding ? nothing : html`<button type="button" class="add" @click=${() => this.open()}>${icons.add}${one ? words.addOne : words.addOrg}</button>`}
        <p>${one ? words.treeWhyOne : words.treeWhy}</p></div>
        ${this.adding ? html`<form class="fields add-org" @submit=${(e: SubmitEvent) => void this.add(e)} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
          <h3 class="wide">${say(one ? words.addBelowOne : words.addBelow, { org: org.name })}</h3>
          ${orgFields(undefined, studio)}
          ${this.addTrouble ? html`<p class="trouble wide" role="alert">${this.addTrouble}</p>` : nothing}
          <div class="acts wide"><button class="loud" type="submit" ?disabled=${this.busy}>${one ? words.addOne : words.addOrg}</button><button type="button" @click=${() => this.close()}>${studio.language.words.keepIt}</button></div>
        </form>` : nothing}
        ${one ? nothing : html`<ul>${nested(studio.orgs).map(({ org: o, depth }) => html`<li style="--depth: ${depth}" aria-current=${o.id === org.id ? 'true' : nothing}><strong>${o.name}</strong> <span class="soft">${kindWord(o, words)}${o.currency ? ` · ${o.currency}` : ''}${o.timezone ? ` · ${o.timezone}` : ''}</span></li>`)}</ul>`}
      </section>`;
  }

  private open(): void {
    this.adding = true;
    this.addTrouble = '';
    this.key = newKey();
    this.focusOn('.add-org [name=name]');
  }

  private close(): void {
    this.adding = false;
    this.focusOn('.tree .add');
  }

  private async save(e: SubmitEvent, before: Org): Promise<void> {
    e.preventDefault();
    const body = changed(before, orgIn(e.target as HTMLFormElement));
    const words = this.studio.language.in(table);
    if (!Object.keys(body).length) {
      this.trouble = '';
      return this.studio.tell(words.nothingChanged);
    }
    this.busy = true;
    const answer = await this.studio.client.PATCH('/api/v1/orgs/{org}', { params: { path: { org: before.id } }, body });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.studio.tell(words.settingsSaved);
    await this.studio.refresh();
  }

  private async add(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { name, kind, region, currency, timezone, language } = orgIn(e.target as HTMLFormElement);
    this.busy = true;
    const answer = await this.studio.client.POST('/api/v1/orgs', {
      params: { header: { 'Idempotency-Key': this.key } },
      body: { name, kind, parent: this.studio.org, ...(region ? { region } : {}), ...(currency ? { currency } : {}), ...(timezone ? { timezone } : {}), ...(language ? { language } : {}) },
    });
    this.busy = false;
    this.addTrouble = this.studio.wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    this.close();
    const words = this.studio.language.in(table);
    this.studio.tell(say(words.orgAdded, { org: name }));
    await this.studio.refresh();
  }
}

const kindWord = (o: Org, words: { merchant: string; agency: string; organiser: string }): string => ({ merchant: words.merchant, agency: words.agency, organiser: words.organiser })[o.kind] ?? o.kind;

customElements.define('studio-settings', Settings);
