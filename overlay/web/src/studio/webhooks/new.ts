import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { hashOf } from '../route.ts';
import { trouble, webhookFields, webhookIn } from './form.ts';
import { called, wordsOf } from './words.ts';

const usual = ['order.paid', 'order.refunded', 'order.cancelled'];

/** `<webhook-new>`: adds a webhook; `made` gets it with its secret, which is shown this once. */
export class NewWebhook extends Section {
  @property({ attribute: false }) made!: (webhook: Schemas['MadeWebhook']) => void;
  @state() private trouble = '';
  @state() private busy = false;
  private key = newKey();

  protected override render(): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<a class="back" href=${hashOf('webhooks')}>${words.all}</a>
      <div class="head"><h1>${words.add}</h1><p>${words.newWhy}</p></div>
      <form class="sheet fields" @submit=${(e: SubmitEvent) => void this.make(e)}>
        ${webhookFields({ url: '', name: '', types: usual }, words)}
        ${trouble(this.trouble)}
        <div class="acts wide"><button class="loud" type="submit" ?disabled=${this.busy}>${words.create}</button><a class="button" href=${hashOf('webhooks')}>${this.studio.language.words.keepIt}</a></div>
      </form>`;
  }

  private async make(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, org, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const body = webhookIn(new FormData(e.target as HTMLFormElement));
    if (!body.types.length) return void (this.trouble = words.noTypes);
    this.busy = true;
    const answer = await client.POST('/api/v1/webhooks', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, ...body } });
    this.busy = false;
    this.trouble = wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    tell(say(words.made, { name: called(answer.data) }));
    this.made(answer.data);
  }
}

customElements.define('webhook-new', NewWebhook);
