import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { hashOf } from '../route.ts';
import { shopFields } from './fields.ts';
import { configIn, kinds, stockIn } from './kinds.ts';
import { kindOf, wordsOf } from './words.ts';

/** `<shop-new>`: first the kind, then what that kind has to know. `rest` is the chosen kind. */
export class NewShop extends Section {
  @state() private trouble = '';
  @state() private busy = false;
  private key = newKey();

  protected override render(): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    const kind = kinds.find((k) => k === this.rest[0]);
    if (!kind) return html`<a class="back" href=${hashOf('shops')}>${words.allShops}</a>
      <div class="head"><h1>${words.chooseHead}</h1><p>${words.chooseWhy}</p></div>
      <ul class="kinds">${kinds.map((k) => html`<li class="sheet row"><h2><a href=${hashOf(`shops/new/${k}`)}>${kindOf(k, words).name}</a></h2><p class="soft">${kindOf(k, words).why}</p></li>`)}</ul>`;
    return html`<a class="back" href=${hashOf('shops/new')}>${words.otherKind}</a>
      <div class="head"><h1>${say(words.newHead, { kind: kindOf(kind, words).name })}</h1><p>${kindOf(kind, words).why}</p></div>
      <form class="sheet fields" @submit=${(e: SubmitEvent) => void this.make(e, kind)}>
        ${shopFields(kind, '', {}, kind === 'stripe-session' ? 'allocated-hold' : 'external', words)}
        ${this.trouble ? html`<p class="trouble wide" role="alert">${this.trouble}</p>` : nothing}
        <div class="acts wide"><button class="loud" type="submit" ?disabled=${this.busy}>${words.connectNow}</button><a class="button" href=${hashOf('shops')}>${studio.language.words.keepIt}</a></div>
      </form>`;
  }

  private async make(e: SubmitEvent, kind: (typeof kinds)[number]): Promise<void> {
    e.preventDefault();
    const { client, org, wrong, tell, go, language } = this.studio;
    const data = new FormData(e.target as HTMLFormElement);
    const name = String(data.get('name')).trim();
    const stock = stockIn(kind, data);
    const stocked = stock ? { stock } : {};
    this.busy = true;
    const answer = await client.POST('/api/v1/shops', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, name, kind, config: configIn(kind, data), ...stocked } });
    this.busy = false;
    this.trouble = wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    const words = wordsOf(language);
    tell(say(words.shopMade, { name }));
    go(`shops/${answer.data.id}`);
  }
}

customElements.define('shop-new', NewShop);
