import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import { currencies, currencyThere, remember, usualCurrency, whence } from '../parts/currencies.ts';
import { send, type Sent } from '../parts/send.ts';
import { steps } from './steps.ts';
import { wordsOf } from './words.ts';

type Place = 'paste' | 'file' | 'address';

/** `<catalogue-intake>`: the first step of an import. Rows are pasted, a file is dropped, or an address is given. `inside`: it stands within another page. */
export class Intake extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) text = '';
  @property({ type: Boolean }) inside = false;
  @state() private busy: Place | undefined;
  @state() private sent = 0;
  @state() private trouble: { place: Place; text: string } | undefined;
  @state() private over = false;
  private currency = '';
  private first = ''; // in the list: it stays in its order when one is chosen, or the field would show another
  @state() private there = ''; // the currency of the products
  @state() private chosen = false; // the currency, here

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.first = this.currency = usualCurrency(this.studio);
    void this.look();
  }

  private async look(): Promise<void> {
    const there = await currencyThere(this.studio);
    if (this.chosen || this.busy) return;
    this.first = this.currency = usualCurrency(this.studio, there);
    this.there = there;
  }

  protected override render(): TemplateResult {
    const { studio, inside } = this;
    const words = wordsOf(studio.language);
    return html`
      ${inside ? nothing : html`<div class="head"><h1>${words.intakeHead}</h1><div class="acts"><a class="button" href="#/catalogue">${words.toCatalogue}</a></div><p>${words.intakeWhy}</p></div>${steps(0, words)}`}
      <form class="sheet intake" @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.paste(); }}>
        <label class="field"><span>${words.pasteLabel}</span>
          <textarea name="rows" rows="6" spellcheck="false" autocomplete="off" placeholder=${words.pasteExample} aria-describedby="paste-hint" .value=${this.text}
            @input=${this.typed} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void this.paste(); }}></textarea>
          <small id="paste-hint">${words.pasteHint}</small></label>
        <div class="by">
          <label class="field"><span>${words.currencyLabel}</span><select name="currency" @change=${this.choose}>
            ${currencies(this.first, studio.language.locale).map((c) => html`<option value=${c.code} ?selected=${c.code === this.currency}>${c.name}</option>`)}</select><small>${words.currencyWhy} ${this.chosen ? nothing : whence(studio, this.there)}</small></label>
          <button type="submit" class="loud" ?disabled=${!!this.busy}>${words.look}</button>
        </div>
        ${this.wrongAt('paste')}
      </form>
      <div class="ways">
        <section class="sheet"><h2>${words.orFile}</h2>
          <label class="drop" data-over=${this.over} @dragover=${(e: DragEvent) => { e.preventDefault(); this.over = true; }} @dragleave=${() => (this.over = false)} @drop=${this.dropped}>
            <input type="file" accept=".csv,.tsv,.txt,.xml,text/csv,text/tab-separated-values,text/xml,application/xml" ?disabled=${!!this.busy} @change=${(e: Event) => this.picked(e.target as HTMLInputElement)} />
            <span>${this.busy === 'file' ? html`<span role="status">${say(words.sending, { percent: Math.floor(this.sent * 100) })}</span><progress max="1" .value=${this.sent} aria-label=${words.stepGive}></progress>` : words.dropHere}</span></label>
          <p class="soft small">${words.fileKinds}</p>${this.wrongAt('file')}</section>
        <section class="sheet"><h2>${words.orAddress}</h2>
          <form class="with-button" @submit=${(e: SubmitEvent) => void this.fetch(e)}><input type="url" name="url" required dir="ltr" placeholder="https://" aria-label=${words.addressLabel} /><button type="submit" ?disabled=${!!this.busy}>${words.fetchIt}</button></form>
          ${this.wrongAt('address')}</section>
      </div>`;
  }

  private wrongAt(place: Place): TemplateResult | typeof nothing {
    return this.trouble?.place === place ? html`<p class="trouble" role="alert">${this.trouble.text}</p>` : nothing;
  }

  private readonly typed = (e: Event): void => {
    this.text = (e.target as HTMLTextAreaElement).value;
    this.dispatchEvent(new CustomEvent('pasted', { detail: this.text, bubbles: true }));
  };

  private readonly choose = (e: Event): void => {
    this.currency = (e.target as HTMLSelectElement).value;
    this.chosen = true;
  };

  private async paste(): Promise<void> {
    const words = wordsOf(this.studio.language);
    if (!this.text.trim()) {
      this.trouble = { place: 'paste', text: words.pasteFirst };
      this.querySelector('textarea')?.focus();
      return;
    }
    await this.file('paste', new File([this.text], words.pasted));
  }

  private readonly dropped = (e: DragEvent): void => {
    e.preventDefault();
    this.over = false;
    const file = e.dataTransfer?.files[0];
    if (file && !this.busy) void this.file('file', file);
  };

  private picked(input: HTMLInputElement): void {
    const file = input.files?.[0];
    input.value = ''; // the same file may be chosen again
    if (file) void this.file('file', file);
  }

  private async file(place: Place, file: File): Promise<void> {
    if (this.busy) return;
    const form = new FormData();
    form.set('org', this.studio.org);
    form.set('dry_run', 'true');
    form.set('currency', this.currency);
    form.set('file', file);
    this.begin(place);
    this.end(place, await send<{ id: string }>(this.studio, '/api/v1/imports', form, newKey(), (part) => (this.sent = part)));
  }

  private async fetch(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    if (this.busy) return;
    const url = String(new FormData(e.target as HTMLFormElement).get('url')).trim();
    this.begin('address');
    const { client, org } = this.studio;
    this.end('address', await client.POST('/api/v1/imports', { body: { url, org, dry_run: true, currency: this.currency } as never }) as Sent<{ id: string }>);
  }

  private begin(place: Place): void {
    remember(this.currency);
    this.busy = place;
    this.sent = 0;
    this.trouble = undefined;
  }

  private end(place: Place, answer: Sent<{ id: string }>): void {
    this.busy = undefined;
    if (answer.data) this.studio.go(`catalogue/import/${answer.data.id}`);
    else this.trouble = { place, text: this.studio.wrong(answer) };
  }
}

customElements.define('catalogue-intake', Intake);
