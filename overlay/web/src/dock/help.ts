import { html, nothing, type TemplateResult } from 'lit';
import table from '../generated/strings/dock-help.ts';
import { inLanguage } from '../shared/language.ts';
import { hasKeys, keys } from './keys.ts';
import type { Language } from './words.ts';

/** The keys, in words. It stands in the page: no dialog covers what is live. It comes when the dock stands. */

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

export function help({ words: common, locale }: Language, hooks: HelpHooks): TemplateResult {
  const words = inLanguage(table, locale);
  const touch = !hasKeys();
  const lines: [string, string][] = [
    [keys.next, common.nextTip], [keys.previous, common.previousTip], [`${keys.down} ${keys.up}`, words.moveTip], [keys.pin, common.pinTip], [keys.unpin, common.unpinTip],
    [keys.soldOut, common.soldOutTip], [keys.putNext, common.dockPutNextTip], ['Alt ↑ ↓', common.dockMoveLineTip], [keys.search, common.searchLabel], [keys.undo, common.undoTip], [keys.help, common.helpTip],
  ];
  return html`<section class="sheet help" aria-labelledby="help" tabindex="-1">
    <h2 id="help">${touch ? words.dockMore : words.helpHead}</h2>
    ${touch ? nothing : html`<dl>${lines.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <p class="soft">${words.helpMore}</p>`}
    <div class="acts">
      ${touch ? nothing : html`<button type="button" class="switch" aria-pressed=${hooks.keysOn} @click=${() => hooks.switchKeys()}>${words.keysOn}</button>`}
      <a class="button" href=${hooks.watch} target="_blank" rel="noopener">${common.watchPage}</a>
      <button type="button" class="forget" @click=${() => hooks.forget()}>${hooks.signedIn ? words.gateSignOut : common.forgetToken}</button>
      <button type="button" @click=${() => hooks.close()}>${touch ? common.closeForm : words.closeHelp}</button>
    </div>
  </section>`;
}
