import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-settings.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { mailProblem } from '../mail/problem.ts';

/** `<studio-mail>`: how the server sends mail, with a test, for who runs the server. */
export class Mail extends Section {
  @state() private told: Schemas['MailBody'] | undefined;
  @state() private trouble = '';
  @state() private busy = false;
  @state() private sentTo = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/mail');
    this.told = answer.data;
    this.trouble = this.studio.wrong(answer);
  }

  protected override render(): TemplateResult {
    const { language, me } = this.studio;
    const words = language.in(table);
    const { told } = this;
    return html`<section class="sheet stack mail" aria-labelledby="mail"><h2 id="mail">${words.mailHead}</h2>
      ${told && !told.sends ? html`<p class="soft">${words.mailOff}</p>` : nothing}
      ${told?.sends ? html`<p class="soft">${say(words.mailOn, { server: told.server ?? '', from: told.from ?? '' })}</p>
        ${told.waiting ? html`<p>${say(words.mailWaiting, { n: told.waiting })}</p>` : nothing}
        ${told.failed ? html`<p class="warn">${say(words.mailFailures, { n: told.failed })}</p>` : nothing}
        ${told.problem ? html`<p class="soft small">${say(words.mailLast, { why: mailProblem(told.problem, language) })}</p>` : nothing}
        ${me.person ? html`<div class="acts"><button type="button" class="test" ?disabled=${this.busy} @click=${() => void this.test()}>${this.busy ? words.mailTesting : words.mailTest}</button></div>` : nothing}
        ${this.sentTo ? html`<p role="status">${say(words.mailTested, { email: this.sentTo })}</p>` : nothing}` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
    </section>`;
  }

  private async test(): Promise<void> {
    const { client, me, language, wrong } = this.studio;
    this.busy = true;
    this.sentTo = '';
    const answer = await client.POST('/api/v1/mail/test', { body: { language: /^zh\b/i.test(language.locale) ? 'zh' : 'en' } });
    this.busy = false;
    this.trouble = answer.error?.detail && answer.response.status === 409 ? mailProblem(answer.error.detail, language) : wrong(answer);
    if (answer.response.ok) this.sentTo = me.name;
  }
}

customElements.define('studio-mail', Mail);
