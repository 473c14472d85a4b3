import { html, nothing, type TemplateResult } from 'lit';
import type { Org, Studio } from '../context.ts';
import { icons } from '../parts/icons.ts';
import { roleWord } from '../parts/roles.ts';
import { hashOf } from '../route.ts';
import type { Group, Section } from '../sections.ts';
import { nested } from './orgs.ts';
import { otherLanguage } from './other.ts';

/** What stands around each section: the navigation, the organisations, one's account. */

const inBar = 4; // on phones the bar has room for so many, and one for the rest

export interface FrameHooks {
  readonly more: boolean;
  readonly account: boolean;
  /** Why one was not signed out. */
  readonly trouble: string;
  toggle(what: 'more' | 'account'): void;
  choose(org: string): void;
  leave(everywhere: boolean): void;
  search(): void;
}

export function top(studio: Studio, hooks: FrameHooks): TemplateResult {
  const { words } = studio.language;
  return html`<header class="top">
    <a class="skip" href="#content" @click=${(e: Event) => { e.preventDefault(); document.getElementById('content')?.focus(); }}>${words.skipToContent}</a>
    <a class="brand" href=${hashOf('')}>mediad</a>
    ${orgChoice(studio, hooks)}
    ${studio.org ? html`<button type="button" class="seek" aria-haspopup="dialog" aria-keyshortcuts="/ Control+K" title="${words.searchAll} (/)" @click=${() => hooks.search()}>${icons.search}<span>${words.searchAll}</span><kbd aria-hidden="true">/</kbd></button>` : nothing}
    <div class="account">
      <button type="button" class="who" aria-expanded=${hooks.account} aria-controls="account" title=${words.accountMenu} @click=${() => hooks.toggle('account')}>${icons.account}<span class="name">${studio.me.name}</span><span class="sr">: ${words.accountMenu}</span></button>
      ${hooks.account ? accountMenu(studio, hooks) : nothing}
    </div>
  </header>`;
}

/** With one organisation there is nothing to choose: its name stands there. */
function orgChoice({ orgs, org, language: { words } }: Studio, hooks: FrameHooks): TemplateResult {
  if (orgs.length < 2) return html`<p class="org">${orgs[0]?.name}</p>`;
  const chosen = (e: Event): void => hooks.choose((e.target as HTMLSelectElement).value);
  return html`<label class="org"><span class="sr">${words.orgLabel}</span><select @change=${chosen}>
    ${nested(orgs).map(({ org: o, depth }) => html`<option value=${o.id} ?selected=${o.id === org}>${'\u2003'.repeat(depth)}${o.name}</option>`)}
  </select></label>`;
}

function accountMenu({ me, org, language }: Studio, hooks: FrameHooks): TemplateResult {
  const { words } = language;
  const role = me.roles?.find((g) => !g.org || g.org === org)?.role ?? '';
  return html`<div class="menu sheet" id="account">
    <p class="me"><strong dir="ltr">${me.name}</strong><span class="soft role">${roleWord(role, words)}</span></p>
    <a href=${hashOf('account')} @click=${() => hooks.toggle('account')}>${words.ownPassword}</a>
    ${otherLanguage(language)}
    <button type="button" @click=${() => hooks.leave(false)}>${words.signOut}</button>
    <button type="button" @click=${() => hooks.leave(true)}>${words.signOutAll}</button>
    ${hooks.trouble ? html`<p class="trouble" role="alert">${hooks.trouble}</p>` : nothing}
  </div>`;
}

/** The navigation, in parts with small headings. On phones the bar has the first few, and the parts stand there when one opens the rest. */
export function nav(sections: readonly Section[], open: string, studio: Studio, hooks: FrameHooks): TemplateResult {
  const { words } = studio.language;
  const all = sections.length <= inBar + 1;
  const names: Record<Group, string> = { sell: words.navSell, results: words.navResults, administration: words.navAdministration };
  const item = (s: Section): TemplateResult => html`<li class=${!all && sections.indexOf(s) >= inBar ? 'beyond' : ''}>
    <a href=${hashOf(s.id)} aria-current=${s.id === open ? 'page' : nothing} @click=${() => hooks.more && hooks.toggle('more')}>${s.icon}<span>${s.name(words)}</span></a></li>`;
  const part = (group: Group | undefined): TemplateResult | typeof nothing => {
    const own = sections.filter((s) => s.group === group);
    if (!own.length) return nothing;
    return group ? html`<p id="nav-${group}">${names[group]}</p><ul aria-labelledby="nav-${group}">${own.map(item)}</ul>` : html`<ul>${own.map(item)}</ul>`;
  };
  return html`<nav class="nav" aria-label=${words.navLabel} data-more=${hooks.more}>
    ${part(undefined)}${part('sell')}${part('results')}${part('administration')}
    ${all ? nothing : html`<button type="button" class="rest" data-holds=${sections.findIndex((s) => s.id === open) >= inBar} aria-expanded=${hooks.more} @click=${() => hooks.toggle('more')}>${icons.more}<span>${words.navMore}</span></button>`}
  </nav>`;
}

/** The chosen organisation, or the first of those that one has. */
export const orgFor = (orgs: readonly Org[], wish: string | null): string => (orgs.find((o) => o.id === wish) ?? nested(orgs)[0]?.org)?.id ?? '';

