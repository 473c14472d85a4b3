import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { Section } from '../parts/light.ts';
import { newKey } from '../parts/once.ts';
import { hashOf } from '../route.ts';
import { festivalFields, festivalIn, slugOf } from './form.ts';
import { pictureButton } from './picture.ts';
import { wordsOf } from './words.ts';

/** `<festival-new>`: makes a festival. */
export class NewFestival extends Section {
  @state() private slug = '';
  @state() private picture = '';
  @state() private trouble = '';
  @state() private busy = false;
  private typed = false; // the name in its address was, and does not follow the title any more
  private key = newKey();

  protected override render(): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    const zone = studio.orgs.find((o) => o.id === studio.org)?.timezone ?? '';
    return html`<a class="back" href=${hashOf('festivals')}>${words.all}</a>
      <div class="head"><h1>${words.make}</h1><p>${words.ownNoneWhy}</p></div>
      <form class="sheet fields" @submit=${(e: SubmitEvent) => void this.make(e)}>
        ${festivalFields(undefined, zone, this.slug, words, {
          named: (title) => { if (!this.typed) this.slug = slugOf(title); }, slugged: (slug) => { this.typed = true; this.slug = slug; },
          picture: this.picture, upload: pictureButton(studio, words, (path, wrong) => { this.trouble = wrong; if (path) this.picture = path; }),
        })}
        ${this.trouble ? html`<p class="trouble wide" role="alert">${this.trouble}</p>` : nothing}
        <div class="acts wide"><button class="loud" type="submit" ?disabled=${this.busy}>${words.makeYes}</button><a class="button" href=${hashOf('festivals')}>${studio.language.words.keepIt}</a></div>
      </form>`;
  }

  private async make(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, org, wrong, tell, go, language } = this.studio;
    const words = wordsOf(language);
    const said = festivalIn(new FormData(e.target as HTMLFormElement));
    if (!said) return void (this.trouble = words.noTime);
    this.busy = true;
    const answer = await client.POST('/api/v1/festivals', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, slug: this.slug, ...said } });
    this.busy = false;
    this.trouble = wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    tell(words.made);
    go(`festivals/${answer.data.slug}/shops`);
  }
}

customElements.define('festival-new', NewFestival);
