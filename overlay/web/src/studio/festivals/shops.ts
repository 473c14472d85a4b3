import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import '../parts/ask.ts';
import '../parts/copy.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { day } from '../parts/when.ts';
import { regionName, wordsOf, type Participant, type Words } from './words.ts';

/** `<festival-shops>`: who is invited and who takes part, and a link for another shop. */
export class FestivalShops extends Section {
  @property() festival = '';
  @property({ type: Boolean }) own = false;
  @state() private trouble = '';
  @state() private links: readonly { readonly name: string; readonly url: string }[] = [];
  private key = newKey();
  private readonly shops = new Pages<Participant>(this, (cursor) => this.studio.client.GET('/api/v1/festivals/{festival}/rooms', { params: { path: { festival: this.festival }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override render(): TemplateResult {
    const { studio, shops } = this;
    const words = wordsOf(studio.language);
    return html`${this.own ? html`<form class="sheet fields invite" @submit=${(e: SubmitEvent) => void this.invite(e)}>
        <div class="wide"><h2>${words.inviteHead}</h2><p class="soft">${words.inviteWhy}</p></div>
        <label class="field"><span>${words.shopName}</span><input name="name" required maxlength="150" autocomplete="off" dir="auto" /></label>
        <label class="field"><span>${words.region}</span><input name="region" maxlength="150" autocomplete="off" dir="auto" placeholder=${words.regionHint} /><small>${words.regionWhy}</small></label>
        ${this.trouble ? html`<p class="trouble wide" role="alert">${this.trouble}</p>` : nothing}
        <div class="acts wide"><button class="loud" type="submit">${words.invite}</button></div>
        ${this.links.length ? html`<div class="wide links" role="status"><p class="good">${words.linkOnce}</p>${this.links.map((l) => html`<div class="link"><label class="field"><span>${say(words.linkFor, { name: l.name })}</span><input readonly .value=${l.url} dir="ltr" @focus=${(e: Event) => (e.target as HTMLInputElement).select()} /></label><studio-copy .words=${studio.language.words} text=${l.url} what=${l.name}></studio-copy></div>`)}</div>` : nothing}</form>` : nothing}
      ${listed(shops, studio, (items) => this.table(items, words), html`<p class="soft">${words.shopsNone}</p>`)}`;
  }

  private table(items: readonly Participant[], words: Words): TemplateResult {
    const { language } = this.studio;
    return html`<div class="sheet table"><table class="rows"><thead><tr><th scope="col">${words.shop}</th><th scope="col">${words.region}</th><th scope="col">${words.rooms}</th><th scope="col">${words.state}</th>${this.own ? html`<th scope="col"><span class="sr">${words.actsColumn}</span></th>` : nothing}</tr></thead>
      <tbody>${items.map((p) => html`<tr data-part=${p.id} data-status=${p.status}><td><strong><bdi>${p.name}</bdi></strong>${p.org_name && p.org_name !== p.name ? html`<br /><span class="soft small"><bdi>${p.org_name}</bdi></span>` : nothing}</td>
        <td data-label=${words.region}>${regionName(p.region) || '–'}</td><td data-label=${words.rooms}>${(p.rooms ?? []).map((r) => r.title || r.slug).join(', ') || '–'}</td><td data-label=${words.state}>${this.status(p, words)}</td>
        ${this.own ? html`<td class="end"><div class="acts">${p.status === 'left' ? nothing : html`<studio-ask .words=${language.words} label=${p.status === 'invited' ? words.takeBack : words.takeOut} what=${p.name} question=${say(p.status === 'invited' ? words.takeBackAsk : words.takeOutAsk, { name: p.name })} yes=${p.status === 'invited' ? words.takeBack : words.takeOut} .act=${() => this.dismiss(p)}></studio-ask>`}</div></td>` : nothing}</tr>`)}</tbody></table></div>`;
  }

  private status(p: Participant, words: Words): string {
    const { locale } = this.studio.language;
    if (p.status === 'accepted') return say(words.statusAccepted, { when: day(p.accepted_at ?? p.invited_at, locale) });
    if (p.status === 'left') return say(words.statusLeft, { when: day(p.left_at ?? p.invited_at, locale) });
    return Date.parse(p.expires_at) < Date.now() ? words.statusExpired : say(words.statusInvited, { when: day(p.expires_at, locale) });
  }

  private async invite(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, wrong } = this.studio;
    const form = e.target as HTMLFormElement;
    const data = new FormData(form);
    const name = String(data.get('name') ?? '').trim();
    const answer = await client.POST('/api/v1/festivals/{festival}/rooms', { params: { path: { festival: this.festival }, header: { 'Idempotency-Key': this.key } }, body: { name, region: String(data.get('region') ?? '').trim() } });
    this.trouble = wrong(answer);
    if (answer.response.status !== 503) this.key = newKey();
    if (!answer.data) return;
    this.links = [{ name, url: new URL(answer.data.link, location.href).href }, ...this.links];
    form.reset();
    form.querySelector<HTMLInputElement>('[name=name]')?.focus();
    await this.shops.load();
  }

  private async dismiss(p: Participant): Promise<string> {
    const { client, wrong } = this.studio;
    const answer = await client.DELETE('/api/v1/festivals/{festival}/rooms/{participant}', { params: { path: { festival: this.festival, participant: p.id } } });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    await this.shops.load();
    return '';
  }
}

customElements.define('festival-shops', FestivalShops);
