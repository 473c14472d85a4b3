import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-people.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { mailProblem } from '../mail/problem.ts';
import { moment } from '../parts/when.ts';

/** How the letter goes that brings somebody a link. */
export function postedNote({ posted }: Schemas['Member'], { language }: Studio): TemplateResult | typeof nothing {
  if (!posted) return nothing;
  const words = language.in(table);
  const why = mailProblem(posted.problem ?? '', language);
  const at = (time: string): string => moment(time, language.locale);
  switch (posted.state) {
    case 'sent':
      return html`<br /><span class="soft small posted">${say(words.mailSent, { at: at(posted.at) })}</span>`;
    case 'failed':
      return html`<br /><span class="warn small posted">${say(words.mailFailed, { why })}</span>`;
  }
  return html`<br /><span class="soft small posted">${posted.next ? say(words.mailAgain, { at: at(posted.next), why }) : words.mailWaits}</span>`;
}
