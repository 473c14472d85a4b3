import { html, nothing, type TemplateResult } from 'lit';
import { keys } from './keys.ts';
import type { Language } from './words.ts';

/** The keys, in words. It stands in the page: no dialog covers what is live. */

export interface HelpHooks {
  readonly keysOn: boolean;
  switchKeys(): void;
  close(): void;
  forget(): void;
  /** There is a sign-in, not a token. */
  readonly signedIn: boolean;
  /** The address of the room's page. */
  readonly watch: string;
}

/** A phone has no keys, so nothing is said about them there. */
export const hasKeys = (): boolean => matchMedia('(hover: hover)').matches;

export function help(open: boolean, { words }: Language, hooks: HelpHooks): TemplateResult | typeof nothing {
  if (!open) return nothing;
  const touch = !hasKeys();
  const lines: [string, string][] = [
    [keys.next, words.nextTip], [keys.previous, words.previousTip], [`${keys.down} ${keys.up}`, words.moveTip], [keys.pin, words.pinTip], [keys.unpin, words.unpinTip],
    [keys.soldOut, words.soldOutTip], [keys.putNext, words.dockPutNextTip], ['Alt ↑ ↓', words.dockMoveLineTip], [keys.search, words.searchLabel], [keys.undo, words.undoTip], [keys.help, words.helpTip],
  ];
  return html`<section class="sheet help" aria-labelledby="help" tabindex="-1">
    <h2 id="help">${touch ? words.dockMore : words.helpHead}</h2>
    ${touch ? nothing : html`<dl>${lines.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <p class="soft">${words.helpMore}</p>`}
    <div class="acts">
      ${touch ? nothing : html`<button type="button" class="switch" aria-pressed=${hooks.keysOn} @click=${() => hooks.switchKeys()}>${words.keysOn}</button>`}
      <a class="button" href=${hooks.watch} target="_blank" rel="noopener">${words.watchPage}</a>
      <button type="button" class="forget" @click=${() => hooks.forget()}>${hooks.signedIn ? words.gateSignOut : words.forgetToken}</button>
      <button type="button" @click=${() => hooks.close()}>${touch ? words.closeForm : words.closeHelp}</button>
    </div>
  </section>`;
}
