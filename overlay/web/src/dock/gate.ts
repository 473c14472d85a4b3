import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import type { State } from './desk.ts';
import type { Language } from './words.ts';

/** What stands in place of the dock until there is a token that the server accepts. */
export function gate(state: State, room: string, heading: string, { words }: Language, enter: (token: string) => void): TemplateResult {
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const field = (e.target as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    const token = field.value.trim();
    field.value = '';
    if (token) enter(token);
  };
  const trouble = state === 'wrong' ? words.wrongToken : state === 'revoked' ? words.revokedToken : '';
  return html`<main class="gate"><form class="sheet" @submit=${submit}>
    <h1>${say(words.dockOf, { room: heading })}</h1>
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <p class="soft">${words.gateWhy}</p>
    <label for="token">${words.apiToken}</label>
    <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required />
    <button class="loud" type="submit">${words.openDock}</button>
    <p class="soft small">${words.gateHow} <code dir="ltr">mediad token create --role assistant --org home --room ${room}</code></p>
  </form></main>`;
}
