import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table, { type Words } from '../../generated/strings/studio-privacy.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { found } from './words.ts';

/** `<studio-person>`: all that is kept of one person: found, downloaded, erased. */
export class Person extends Section {
  @state() private data: Schemas['PersonData'] | undefined;
  @state() private trouble = '';
  @state() private busy = false;
  private handle: Schemas['Handle'] = {};

  protected override render(): TemplateResult {
    const words = this.studio.language.in(table);
    return html`<section class="sheet stack" aria-labelledby="person"><h2 id="person">${words.personHead}</h2><p class="soft">${words.personWhy}</p>
      <form class="find" novalidate @submit=${(e: SubmitEvent) => void this.find(e)}>
        <label class="field"><span>${words.byLabel}</span><select name="by"><option value="mail">${words.byMail}</option><option value="viewer">${words.byViewer}</option><option value="user">${words.byUser}</option><option value="buyer">${words.byBuyer}</option></select></label>
        <label class="field"><span>${words.handleLabel}</span><input name="is" dir="ltr" autocomplete="off" spellcheck="false" maxlength="254"></label>
        <button type="submit" ?disabled=${this.busy}>${words.findPerson}</button>
      </form>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="stack" role="status">${this.data ? this.what(this.data, words) : nothing}</div></section>`;
  }

  private what(data: Schemas['PersonData'], words: Words): TemplateResult {
    const all = Object.entries(data.found).map(([kind, n]) => ({ kind: found(words)[kind] ?? kind, n }));
    if (!all.length) return html`<p>${words.foundNone}</p>`;
    const named = all.map(({ kind, n }) => `${kind} (${n})`).join(' · ');
    return html`<h3>${words.foundHead}</h3><ul class="found">${all.map(({ kind, n }) => html`<li>${kind} <strong>${n}</strong></li>`)}</ul>
      <div class="acts"><button type="button" class="download" @click=${() => this.download(data)}>${words.downloadPerson}</button>
        ${data.member ? html`<p class="soft">${words.memberFirst}</p>`
          : html`<studio-ask .words=${this.studio.language.words} label=${words.erasePerson} question=${say(words.eraseAsk, { what: named })} yes=${words.eraseYes} .act=${() => this.erase(words)}></studio-ask>`}</div>`;
  }

  private async find(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const form = new FormData(e.target as HTMLFormElement);
    this.handle = { [String(form.get('by'))]: String(form.get('is') ?? '') };
    this.busy = true;
    const answer = await this.studio.client.POST('/api/v1/orgs/{org}/person', { params: { path: { org: this.studio.org } }, body: this.handle });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    this.data = answer.data;
  }

  private download(data: Schemas['PersonData']): void {
    const a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob([JSON.stringify(data, undefined, 2)], { type: 'application/json' }));
    a.download = 'person.json';
    a.click();
    URL.revokeObjectURL(a.href);
  }

  private async erase(words: Words): Promise<string> {
    const answer = await this.studio.client.POST('/api/v1/orgs/{org}/person/erase', { params: { path: { org: this.studio.org } }, body: this.handle });
    if (!answer.data) return this.studio.wrong(answer);
    this.studio.tell(say(words.personErased, { proof: answer.data.proof }));
    this.data = undefined;
    this.querySelector('form')?.reset();
    this.focusOn('[name=is]');
    return '';
  }
}

customElements.define('studio-person', Person);
