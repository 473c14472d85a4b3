import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/copy.ts';
import { newKey } from '../parts/once.ts';
import '../parts/secret.ts';
import { hashOf } from '../route.ts';
import { isOwnMachine } from './code.ts';
import { wordsOf } from './words.ts';

const tries = 20; // names of tokens are unique in an organisation

/** `<studio-helper>`: the pages of a room, for viewers and for who drives the show, and a dock for OBS that is signed in by a token of its own. */
export class Helper extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  @state() private made: { address: string; name: string } | undefined;
  @state() private grant: 'assistant' | 'host' = 'assistant';
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, room, made } = this;
    const words = wordsOf(studio.language);
    const common = studio.language.words;
    return html`<section class="sheet helper" aria-labelledby="helper-head">
      <h2 id="helper-head">${words.pagesHead}</h2>
      <div class="link"><div><h3>${words.watchPage}</h3><p class="soft small" dir="ltr">${room.pages.watch}</p></div>
        <div class="acts"><a class="button" href=${`${home}/watch/${encodeURIComponent(room.slug)}`} target="_blank" rel="noopener">${words.openPage}<span class="sr">: ${words.watchPage}</span></a><studio-copy .words=${common} .text=${room.pages.watch} .what=${words.watchPage}></studio-copy></div></div>
      ${isOwnMachine(room.pages.watch) ? html`<p class="warn small">${words.ownMachinePage}</p>` : nothing}
      <div class="obs"><h3>${words.obsHead}</h3>
        ${made ? html`<p>${words.obsHow}</p><studio-secret .words=${common} .value=${made.address} .what=${words.obsAddress}></studio-secret>
            <p class="soft small">${say(words.obsOnce, { name: made.name })} <a href=${hashOf('tokens')}>${words.toTokens}</a></p>`
          : studio.may('people', room.org) ? html`<p class="soft small">${words.obsWhy}</p><div class="acts">
              <label class="field"><span>${words.obsMay}</span><select @change=${(e: Event) => (this.grant = (e.target as HTMLSelectElement).value as 'assistant' | 'host')}><option value="assistant">${words.obsAssistant}</option><option value="host">${words.obsHost}</option></select></label>
              <button type="button" class="make-token" ?disabled=${this.busy} @click=${() => void this.make()}>${words.makeToken}</button></div>`
          : html`<p class="soft small">${words.obsAsk}</p>`}
        ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</div>
    </section>`;
  }

  private async make(): Promise<void> {
    const { studio, room } = this;
    this.busy = true;
    for (let n = 1; n <= tries; n++) {
      const name = `OBS ${room.slug}${n > 1 ? ` ${n}` : ''}`;
      const answer = await studio.client.POST('/api/v1/tokens', { params: { header: { 'Idempotency-Key': newKey() } }, body: { name, role: this.grant, org: room.org, rooms: [room.slug] } });
      this.trouble = studio.wrong(answer);
      if (answer.data) {
        this.made = { address: `${room.pages.dock}#t=${answer.data.token}`, name };
        void this.updateComplete.then(() => this.querySelector<HTMLElement>('.obs .copy')?.focus());
      }
      if (answer.response.status !== 409) break;
    }
    this.busy = false;
  }
}

customElements.define('studio-helper', Helper);
