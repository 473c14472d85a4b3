import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import activity from '../../generated/strings/studio-audit.ts';
import { doer } from '../audit/deeds.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import '../parts/ask.ts';
import { ago, precise } from '../parts/when.ts';
import { busy, countsOf, inVain, nameOf, saidOf, stateWord, wordsOf, type ImportHead } from './words.ts';

/** What came in, the latest first: a row opens its import again. */
export function importList(items: readonly ImportHead[], studio: Studio, drop: (i: ImportHead) => Promise<string>): TemplateResult {
  const words = wordsOf(studio.language);
  return html`<div class="sheet table"><table class="rows"><caption class="sr">${words.listHead}</caption>
    <thead><tr><th scope="col">${words.sourceColumn}</th><th scope="col">${words.resultColumn}</th><th scope="col">${words.whenColumn}</th><th scope="col"><span class="sr">${words.actsColumn}</span></th></tr></thead>
    <tbody>${repeat(items, (i) => i.id, (i) => row(i, studio, drop))}</tbody></table></div>`;
}

function row(i: ImportHead, studio: Studio, drop: (i: ImportHead) => Promise<string>): TemplateResult {
  const { language } = studio;
  const { locale } = language;
  const words = wordsOf(language);
  const name = nameOf(i.source, words);
  const waits = i.state === 'ready';
  return html`<tr data-import=${i.id} data-state=${i.state}>
    <td><strong><bdi>${name}</bdi></strong></td>
    <td><strong class=${waits || inVain(i) || i.state === 'failed' ? 'warn' : i.state === 'applied' ? 'good' : ''}>${stateWord(i, words)}</strong><br />${i.state === 'failed' ? html`<span class="soft">${saidOf(i.problem ?? '', language)}</span>` : busy(i) ? html`<progress max=${Math.max(1, i.total)} .value=${i.done} aria-label=${stateWord(i, words)}></progress>` : countsOf(i, words, locale).join(' · ')}
      ${i.rejected_rows ? html` · <a class="left-out" href="#/catalogue/import/${i.id}">${say(words.countRejected, { n: new Intl.NumberFormat(locale).format(i.rejected_rows) })}</a>` : nothing}</td>
    <td><time datetime=${i.created} title=${precise(i.created, locale)}>${ago(i.created, locale)}</time><br /><span class="soft small">${i.feed ? words.byFeed : html`<bdi>${doer({ actor: i.by }, language.in(activity)).name}</bdi>`}</span></td>
    <td class="end"><div class="acts"><a class="button" href="#/catalogue/import/${i.id}">${waits ? words.look : words.open}<span class="sr">: ${name}</span></a>
      ${waits || i.state === 'reading' ? html`<studio-ask .words=${language.words} label=${words.drop} what=${name} question=${say(words.dropAsk, { name })} yes=${words.dropYes} .act=${async () => { const wrong = await drop(i); if (!wrong) studio.tell(say(words.dropped, { name })); return wrong; }}></studio-ask>` : nothing}</div></td></tr>`;
}
