import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import '../parts/ask.ts';
import { icons } from '../parts/icons.ts';
import '../parts/secret.ts';
import { freshSecret, type Shop } from './kinds.ts';
import { wordsOf } from './words.ts';

/** `<shop-secret>`: one secret of a shop, which is written here and never read back. `changed` gets the shop with it. */
export class ShopSecret extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) shop!: Shop;
  @property() name: 'webhook' | 'api_key' = 'webhook';
  @property({ attribute: false }) changed!: (shop: Shop) => void;
  @state() private writing = false;
  @state() private made = '';
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, shop, name } = this;
    const common = studio.language.words;
    const words = wordsOf(studio.language);
    const label = name === 'webhook' ? words.secretName : words.keyName;
    const set = shop.secrets?.includes(name);
    if (this.made) return html`<p class="good" role="status">${words.secretOnce}</p>
      <studio-secret .words=${common} .value=${this.made} what=${label}></studio-secret>
      <div class="acts"><button type="button" @click=${() => { this.made = ''; this.focusOn('.replace'); }}>${words.secretKept}</button></div>`;
    if (set && !this.writing) return html`<p class="set"><strong>${label}</strong> <span class="good">${icons.done}${words.secretSet}</span></p>
      <div class="acts"><button type="button" class="replace" @click=${() => this.write()}>${words.replaceSecret}<span class="sr">: ${label}</span></button>
        <studio-ask .words=${common} label=${words.removeSecret} what=${label} question=${say(words.removeSecretAsk, { name: shop.name })} yes=${words.removeSecretYes} .act=${() => this.takeAway()}></studio-ask></div>`;
    return html`<form @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.save(String(new FormData(e.target as HTMLFormElement).get('secret')).trim()); }} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape' && set) this.close(); }}>
      <label class="field"><span>${label}</span><input type="password" name="secret" required maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr" placeholder=${words.secretPaste} aria-invalid=${this.trouble ? 'true' : 'false'} />
        ${set ? html`<small>${words.replaceWhy}</small>` : name === 'api_key' ? html`<small>${words.keyWhy}</small>` : nothing}</label>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="submit" class=${set ? '' : 'loud'} ?disabled=${this.busy}>${words.saveSecret}<span class="sr">: ${label}</span></button>
        ${shop.kind === 'link' ? html`<button type="button" class="make" ?disabled=${this.busy} @click=${() => void this.save(freshSecret(), true)}>${words.makeSecret}</button>` : nothing}
        ${set ? html`<button type="button" @click=${() => this.close()}>${common.keepIt}</button>` : nothing}</div>
    </form>`;
  }

  private focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }

  private write(): void {
    this.writing = true;
    this.trouble = '';
    this.focusOn('input');
  }

  private close(): void {
    this.writing = false;
    this.focusOn('.replace');
  }

  private send(value: string | null) {
    return this.studio.client.PATCH('/api/v1/shops/{shop}', { params: { path: { shop: this.shop.id } }, body: { secrets: { [this.name]: value } as Record<string, string> } });
  }

  private async save(value: string, made = false): Promise<void> {
    const words = wordsOf(this.studio.language);
    this.busy = true;
    const answer = await this.send(value);
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return this.focusOn('input');
    this.writing = false;
    this.made = made ? value : '';
    this.changed(answer.data);
    this.focusOn(made ? 'studio-copy button' : '.replace');
    if (!made) this.studio.tell(words.secretTold);
  }

  private async takeAway(): Promise<string> {
    const words = wordsOf(this.studio.language);
    const answer = await this.send(null);
    if (!answer.data) return this.studio.wrong(answer);
    this.changed(answer.data);
    this.studio.tell(words.secretGone);
    this.focusOn('input');
    return '';
  }
}

customElements.define('shop-secret', ShopSecret);
