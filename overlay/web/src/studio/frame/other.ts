import { html, type TemplateResult } from 'lit';
import type { Language } from '../context.ts';
import type { Link } from '../route.ts';

/** The way to this page in the other language; a link by which somebody came goes with them. */
export function otherLanguage({ words, locale }: Language, link?: Link): TemplateResult {
  const other = locale.startsWith('zh') ? 'en' : 'zh';
  const to = new URL(location.href);
  to.searchParams.set('lang', other);
  if (link?.secret) to.hash = `${link.kind}=${link.secret}`;
  return html`<a href=${to.href} lang=${other}>${words.otherLanguage}</a>`;
}
