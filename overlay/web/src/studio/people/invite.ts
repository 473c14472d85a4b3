import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-people.ts';
import type { Studio } from '../context.ts';
import { roles, roleWord, type Role } from '../parts/roles.ts';

/** The language of the letter that brings an invitation; undefined: none is sent. */
export type Mail = 'en' | 'zh' | undefined;

/** The form that invites somebody: each role says what it may do. */
export function inviteForm(studio: Studio, trouble: string, busy: boolean, { sends, mails, toggle }: { sends: boolean; mails: boolean; toggle: (on: boolean) => void }, send: (email: string, role: Role, mail: Mail) => void, close: () => void): TemplateResult {
  const { words: common } = studio.language;
  const words = studio.language.in(table);
  const why: Readonly<Record<Role, string>> = {
    owner: words.ownerMay, host: words.hostMay, assistant: words.assistantMay, moderator: words.moderatorMay, organiser: words.organiserMay, analyst: words.analystMay,
  };
  const language = studio.orgs.find((o) => o.id === studio.org)?.language ?? (/^zh\b/i.test(studio.language.locale) ? 'zh' : 'en');
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const data = new FormData(e.target as HTMLFormElement);
    send(String(data.get('email')).trim(), String(data.get('role')) as Role, data.get('mail') ? (String(data.get('language')) as 'en' | 'zh') : undefined);
  };
  return html`<form class="sheet stack invitation" @submit=${submit} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') close(); }}>
    <h2>${words.inviteSomebody}</h2>
    <label class="field"><span>${common.emailLabel}</span><input name="email" type="email" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" required /></label>
    <fieldset class="stack"><legend>${words.roleColumn}</legend>
      ${roles.map((role) => html`<label class="check"><input type="radio" name="role" value=${role} ?checked=${role === 'host'} /><span><strong class="role">${roleWord(role, common)}</strong><br /><small>${why[role]}</small></span></label>`)}
    </fieldset>
    ${sends ? html`<label class="check"><input type="checkbox" name="mail" value="yes" .checked=${mails} @change=${(e: Event) => toggle((e.target as HTMLInputElement).checked)} /><span>${words.sendByMail}</span></label>
      ${mails ? html`<label class="field"><span>${words.letterLanguage}</span><select name="language">
        <option value="en" lang="en" ?selected=${language !== 'zh'}>English</option><option value="zh" lang="zh" ?selected=${language === 'zh'}>中文</option></select></label>` : nothing}` : nothing}
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <div class="acts"><button class="loud" type="submit" ?disabled=${busy}>${sends && mails ? words.sendInvitation : words.makeLink}</button><button type="button" @click=${close}>${common.keepIt}</button></div>
  </form>`;
}
