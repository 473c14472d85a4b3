import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table, { type Words } from '../../generated/strings/studio-privacy.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { wear } from '../parts/wear.ts';
import './person.ts';
import css from './privacy.css?text';
import { told } from './words.ts';

wear(css);

type Kept = Schemas['KeptBody'];

/** `<studio-privacy>`: what is kept about people, for how long, and all of one person. */
export class Privacy extends Section {
  @state() private kept: readonly Kept[] | undefined;
  @state() private contact = '';
  @state() private trouble = '';
  @state() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/orgs/{org}/retention', { params: { path: { org: this.studio.org } } });
    this.take(answer.data);
    this.trouble = this.studio.wrong(answer);
  }

  private take(body: Schemas['RetentionAnswerBody'] | undefined): void {
    if (!body) return;
    this.kept = body.items ?? [];
    this.contact = body.contact ?? '';
  }

  protected override render(): TemplateResult {
    const { studio } = this;
    const words = studio.language.in(table);
    return html`<div class="head"><h1>${words.privacyHead}</h1><p>${words.privacyWhy}</p></div>
      <studio-person .studio=${studio}></studio-person>
      <form class="sheet stack" novalidate @submit=${(e: SubmitEvent) => void this.save(e)}>
        <h2>${words.keptHead}</h2>
        ${this.kept ? html`<table class="rows"><thead><tr><th scope="col">${words.whatColumn}</th><th scope="col">${words.longColumn}</th><th scope="col">${words.erasedColumn}</th></tr></thead>
            <tbody>${this.kept.map((k) => this.row(k, words))}</tbody></table>
          <label class="field"><span>${words.contactLabel}</span><input name="contact" dir="ltr" autocomplete="off" maxlength="254" .value=${this.contact} aria-describedby="contact-why"><small id="contact-why">${words.contactWhy}</small></label>
          <div class="acts"><button class="loud" type="submit" ?disabled=${this.busy}>${words.saveKept}</button>${this.wrong()}</div>` : this.trouble ? this.wrong() : html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`}
      </form>`;
  }

  private wrong(): TemplateResult | typeof nothing {
    return this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
  }

  private row(k: Kept, words: Words): TemplateResult {
    const { what, until, erased } = told(words)[k.kind] ?? { what: k.what, until: k.until, erased: k.erasure };
    const server = !k.chosen && k.days ? say(words.days, { n: k.days }) : k.chosen ? words.asServer : until;
    return html`<tr data-kind=${k.kind}><td>${what}</td>
      <td data-label=${words.longColumn}>${k.most_days ? html`<span class="days"><input type="number" inputmode="numeric" name=${k.kind} min=${k.least_days ?? 1} max=${k.most_days} .value=${k.chosen ? String(k.days) : ''} aria-label=${say(words.daysOf, { what })} aria-describedby=${`hint-${k.kind}`}> ${words.daysUnit}</span>
          <small id=${`hint-${k.kind}`} class="soft">${say(words.daysHint, { default: server, least: k.least_days ?? 1, most: k.most_days })}</small>`
        : k.days ? say(words.days, { n: k.days }) : until}</td>
      <td data-label=${words.erasedColumn}>${erased}</td></tr>`;
  }

  private async save(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const words = this.studio.language.in(table);
    const form = new FormData(e.target as HTMLFormElement);
    const days: Record<string, number> = {};
    for (const k of this.kept ?? []) {
      const chosen = Number(form.get(k.kind) ?? 0);
      if (k.most_days && chosen !== (k.chosen ? (k.days ?? 0) : 0)) days[k.kind] = chosen;
    }
    this.busy = true;
    const answer = await this.studio.client.PUT('/api/v1/orgs/{org}/retention', { params: { path: { org: this.studio.org } }, body: { days, contact: String(form.get('contact') ?? '') } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.take(answer.data);
    this.studio.tell(words.keptSaved);
  }
}

customElements.define('studio-privacy', Privacy);
