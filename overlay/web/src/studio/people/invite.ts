import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-people.ts';
import type { Studio } from '../context.ts';
import { roles, roleWord, type Role } from '../parts/roles.ts';

/** The form that invites somebody: each role says what it may do. */
export function inviteForm(studio: Studio, trouble: string, busy: boolean, send: (email: string, role: Role) => void, close: () => void): TemplateResult {
  const { words: common } = studio.language;
  const words = studio.language.in(table);
  const why: Readonly<Record<Role, string>> = {
    owner: words.ownerMay, host: words.hostMay, assistant: words.assistantMay, moderator: words.moderatorMay, organiser: words.organiserMay, analyst: words.analystMay,
  };
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const data = new FormData(e.target as HTMLFormElement);
    send(String(data.get('email')).trim(), String(data.get('role')) as Role);
  };
  return html`<form class="sheet stack invitation" @submit=${submit} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') close(); }}>
    <h2>${words.inviteSomebody}</h2>
    <label class="field"><span>${common.emailLabel}</span><input name="email" type="email" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" required /></label>
    <fieldset class="stack"><legend>${words.roleColumn}</legend>
      ${roles.map((role) => html`<label class="check"><input type="radio" name="role" value=${role} ?checked=${role === 'host'} /><span><strong class="role">${roleWord(role, common)}</strong><br /><small>${why[role]}</small></span></label>`)}
    </fieldset>
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <div class="acts"><button class="loud" type="submit" ?disabled=${busy}>${words.makeLink}</button><button type="button" @click=${close}>${common.keepIt}</button></div>
  </form>`;
}
