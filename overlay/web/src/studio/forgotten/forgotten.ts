import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-forgotten.ts';
import { say } from '../../shared/language.ts';
import type { Language } from '../context.ts';
import { email, textIn } from '../gate/fields.ts';

/** Where somebody is who has forgotten the password: told to ask an owner, asked for the address, or sent to the mail. */
export interface Forgotten {
  readonly at: 'by hand' | 'asking' | 'sent';
  readonly email: string;
}

/** The screen that asks for the address, and the one behind it. It says the same whether an account has the address or not. */
export function forgotScreen(language: Language, { at, email: typed }: Forgotten, busy: boolean, trouble: string, ask: (email: string) => void, back: () => void): TemplateResult {
  const { words: common } = language;
  const words = language.in(table);
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    ask(textIn(e.target as HTMLFormElement, 'email'));
  };
  if (at === 'sent') {
    return html`<section class="sheet forgotten" tabindex="-1" aria-labelledby="forgotten"><p class="brand">mediad</p>
      <h1 id="forgotten">${words.forgotSentHead}</h1><p>${say(words.forgotSent, { email: typed })}</p>
      <button type="button" class="loud" @click=${back}>${words.backToSignIn}</button></section>`;
  }
  return html`<form class="sheet" @submit=${submit} aria-busy=${busy}>
    <p class="brand">mediad</p>
    <h1>${words.forgotSendHead}</h1>
    <p class="soft">${words.forgotSendWhy}</p>
    ${email(common, typed)}
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <button class="loud" type="submit" ?disabled=${busy}>${busy ? common.signingIn : words.forgotSend}</button>
    <div class="more"><button type="button" class="plain" @click=${back}>${words.backToSignIn}</button></div>
  </form>`;
}
