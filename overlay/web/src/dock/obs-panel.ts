import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import type { Deeds } from './deeds.ts';
import type { Obs } from './obs.ts';
import { troubleWords } from './strip.ts';
import type { Language } from './words.ts';

/** Connects the OBS on this computer, and says how that is. */
export function obsPanel(obs: Obs, deeds: Deeds, language: Language): TemplateResult {
  const { words } = language;
  const connect = (e: SubmitEvent): void => {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    void obs.connect((form.elements.namedItem('obs-password') as HTMLInputElement).value);
    form.reset();
  };
  const asks = obs.state === 'off' || obs.state === 'refused' || obs.state === 'absent';
  const failed = obs.state === 'refused' ? words.obsRefused : obs.state === 'absent' ? words.obsAbsent : '';
  const told = { joining: words.obsJoining, on: say(words.obsOn, { scene: obs.scene }), lost: words.obsLost }[obs.state as string];
  const trouble = obs.trouble && say({ unknown: words.obsUnknown, unsent: words.obsUnsent }[obs.trouble.why], { sku: obs.trouble.sku });
  const refused = deeds.trouble?.where.startsWith('obs ') ? troubleWords(deeds.trouble, language) : '';
  return html`<section class="sheet obs" aria-labelledby="obs" data-state=${obs.state}>
    <h2 id="obs">OBS</h2>
    ${told ? html`<p role="status">${told}</p>` : nothing}
    ${trouble || refused ? html`<p class="trouble" role="alert">${trouble || refused}</p>` : nothing}
    <p class="soft small">${words.obsWhy}</p>
    ${asks ? html`<details ?open=${failed !== ''}><summary>${words.obsConnect}</summary>
      <form @submit=${connect}>
        <p class="soft small">${words.obsHow}</p>
        <label for="obs-password">${words.obsPassword}</label>
        <input id="obs-password" name="obs-password" type="password" autocomplete="off" dir="ltr" aria-describedby=${failed ? 'obs-failed' : nothing} />
        ${failed ? html`<p id="obs-failed" class="trouble" role="alert">${failed}</p>` : nothing}
        <button type="submit" class="loud">${words.obsJoin}</button>
      </form></details>` : html`<mediad-obs-setup .obs=${obs} .language=${language}></mediad-obs-setup><button type="button" @click=${() => obs.disconnect()}>${words.obsLeave}</button>`}
  </section>`;
}
