import { html, nothing, type TemplateResult } from 'lit';
import table from '../generated/strings/dock-gate.ts';
import { inLanguage, say } from '../shared/language.ts';
import type { Refusal } from '../shared/access.ts';
import { home } from '../shared/server.ts';
import type { State } from './desk.ts';
import type { Language } from './words.ts';

export interface GateHooks {
  /** Why the last sign-in failed; undefined: it did not. */
  readonly refusal: Refusal | undefined;
  readonly busy: boolean;
  /** Who is signed in; "": a token was given. */
  readonly name: string;
  /** Tries again with what this page has. */
  again(): void;
  /** Signs out, or forgets the token. */
  leave(): void;
  signIn(email: string, password: string): void;
  enter(token: string): void;
}

/** What stands in place of the dock until somebody signs in, or has a token that the server accepts. */
export function gate(state: State, room: string, heading: string, { words: common, locale }: Language, hooks: GateHooks): TemplateResult {
  const words = { ...common, ...inLanguage(table, locale) };
  const text = (e: SubmitEvent, name: string): string => ((e.target as HTMLFormElement).elements.namedItem(name) as HTMLInputElement).value;
  const signIn = (e: SubmitEvent): void => {
    e.preventDefault();
    hooks.signIn(text(e, 'email').trim(), text(e, 'password'));
  };
  const enter = (e: SubmitEvent): void => {
    e.preventDefault();
    const token = text(e, 'token').trim();
    (e.target as HTMLFormElement).reset();
    if (token) hooks.enter(token);
  };
  if (state === 'barred') {
    return html`<main class="gate"><div class="sheet barred">
      <h1><small class="soft">${words.dockName}</small> ${heading}</h1>
      <p class="trouble" role="alert">${hooks.name ? say(words.gateBarred, { who: hooks.name, room }) : say(words.gateBarredToken, { room })}</p>
      <p>${hooks.name ? words.gateBarredHow : words.gateBarredHowToken}</p>
      <div class="acts"><button type="button" class="loud leave" @click=${() => hooks.leave()}>${hooks.name ? words.gateOther : words.gateOtherToken}</button><button type="button" class="again" @click=${() => hooks.again()}>${words.gateAgain}</button></div>
    </div></main>`;
  }
  const trouble = { wrong: words.wrongToken, revoked: words.revokedToken, over: words.gateOver }[state as string];
  const badToken = state === 'wrong' || state === 'revoked';
  const refused = hooks.refusal && { wrong: words.gateWrong, late: words.gateLate, unanswered: words.gateNoAnswer }[hooks.refusal];
  return html`<main class="gate"><div class="sheet">
    <h1><small class="soft">${words.dockName}</small> ${heading}</h1>
    ${trouble && !badToken ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <form @submit=${signIn} aria-label=${words.gateSignIn}>
      <p class="soft small">${words.gateSame}</p>
      <label for="email">${words.gateEmail}</label>
      <input id="email" name="email" type="email" autocomplete="username" spellcheck="false" dir="ltr" required />
      <label for="password">${words.gatePassword}</label>
      <input id="password" name="password" type="password" autocomplete="current-password" dir="ltr" required aria-describedby=${refused ? 'refused' : nothing} />
      ${refused ? html`<p id="refused" class="trouble" role="alert">${refused}</p>` : nothing}
      <button class="loud" type="submit" ?disabled=${hooks.busy}>${words.gateSignIn}</button>
      <a class="forgot" href="${home}/studio#forgot" target="_blank" rel="noopener">${words.gateForgot}</a>
    </form>
    <details class="by-token" ?open=${badToken}><summary>${words.orToken}</summary>
    <form @submit=${enter} aria-label=${words.openDock}>
      <label for="token">${words.apiToken}</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" dir="ltr" required aria-invalid=${badToken} aria-describedby=${badToken ? 'bad-token' : nothing} />
      ${badToken ? html`<p id="bad-token" class="trouble" role="alert">${trouble}</p>` : nothing}
      <button type="submit">${words.openDock}</button>
      <p class="soft small">${words.gateWhy} ${words.gateHow} <a href="${home}/studio#/tokens">${words.gateStudio}</a> ${words.gateServer} <code dir="ltr">mediad token create --role assistant --org home --room ${room}</code></p>
    </form></details>
  </div></main>`;
}
