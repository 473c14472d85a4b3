import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-account.ts';
import type { Studio } from '../context.ts';
import { password, passwordIn } from '../gate/fields.ts';

/** `<studio-account>`: one's own password. */
export class Account extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  @state() private trouble = '';
  @state() private busy = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { language, me } = this.studio;
    const words = language.in(table);
    return html`<div class="head"><h1>${words.accountHead}</h1><p>${words.accountWhy}</p></div>
      <form class="sheet fields two" @submit=${(e: SubmitEvent) => void this.send(e)}>
        <label class="field"><span>${words.accountAddress}</span><input type="email" name="email" dir="ltr" autocomplete="username" readonly value=${me.name} /></label>
        <div></div>
        ${password(language.words, words.presentPassword, false, 'old')}
        ${password(language.words, language.words.newPassword, true)}
        <div class="wide acts"><button class="loud" type="submit" ?disabled=${this.busy}>${words.changePassword}</button>
          ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</div>
      </form>`;
  }

  private async send(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    this.busy = true;
    this.trouble = '';
    const answer = await this.studio.client.POST('/api/v1/password', { body: { old: passwordIn(form, 'old'), password: passwordIn(form) } });
    this.busy = false;
    if (!answer.data) {
      this.trouble = this.studio.wrong(answer);
      return;
    }
    form.reset();
    this.studio.renewed(answer.data);
    const words = this.studio.language.in(table);
    this.studio.tell(words.passwordChanged);
  }
}

customElements.define('studio-account', Account);
