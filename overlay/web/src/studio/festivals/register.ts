import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Language, Schemas } from '../context.ts';
import { currency, email, password, person, shop } from '../gate/fields.ts';
import { day } from '../parts/when.ts';
import { wordsOf } from './words.ts';

/** The screen of a merchant who was invited to a festival and is not signed in: an account and a shop are made, and take part at once. */
export function registerScreen(language: Language, to: Schemas['Participation'], busy: boolean, trouble: string, send: (form: HTMLFormElement) => void, known: () => void): TemplateResult {
  const { words: common, locale } = language;
  const words = wordsOf(language);
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    send(e.target as HTMLFormElement);
  };
  return html`<form class="sheet" @submit=${submit} aria-busy=${busy}>
    <p class="brand">mediad</p>
    <h1>${say(words.joinHead, { name: to.organiser, title: to.festival.title })}</h1>
    <p class="soft">${say(words.joinWhen, { from: day(to.festival.starts_at, locale), to: day(to.festival.ends_at, locale) })}</p>
    ${to.festival.description ? html`<p dir="auto">${to.festival.description}</p>` : nothing}
    <p>${say(words.joinWhy, { name: to.organiser })}</p>
    ${shop(common)} ${currency(common, locale)} ${person(common)} ${email(common)} ${password(common, common.passwordLabel, true)}
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <button class="loud" type="submit" ?disabled=${busy}>${busy ? common.signingIn : words.registerJoin}</button>
    <div class="more"><button type="button" class="plain" @click=${known}>${common.haveAccount}</button></div>
  </form>`;
}
