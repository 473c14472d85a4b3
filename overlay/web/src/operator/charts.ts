import { html, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import '../shared/chart.ts';
import { rate, skew } from '../shared/figures.ts';
import { aroundZero, empty, extended, fromZero, isGathering, summary, type Scale, type Trace } from '../shared/trace.ts';
import type { Ingest } from '../shared/health.ts';
import type { Language } from './words.ts';

/** The charts of the panel: bit rate, A/V skew and frame rate over the last two minutes. */

const shown = 120; // seconds

export interface Traces {
  readonly rate: Trace;
  readonly skew: Trace;
  readonly frames: Trace;
}

export const noTraces: Traces = { rate: empty, skew: empty, frames: empty };

/** Adds the numbers of another moment; null while nobody publishes. Rates in Mbit/s, skew in ms. */
export function remembered(t: Traces, time: number, i: Ingest | undefined): Traces {
  return {
    rate: extended(t.rate, time, i ? i.incoming_bitrate / 1e6 : null, shown),
    skew: extended(t.skew, time, i?.audio ? i.audio_offset * 1000 : null, shown),
    frames: extended(t.frames, time, i?.fps || null, shown),
  };
}

export function charts(t: Traces, { words, locale }: Language): TemplateResult {
  const chart = (trace: Trace, scale: Scale, title: string, unit: string, value: (n: number) => string, sides: readonly string[] = []): TemplateResult => {
    const s = summary(trace);
    const label = s ? say(words.chartSaid, { what: title, now: value(s.now), least: value(s.least), most: value(s.most) }) : title;
    return html`<figure>
      <figcaption><span>${title}${unit && ` (${unit})`}</span> <strong>${s ? value(s.now) : '–'}</strong></figcaption>
      ${isGathering(trace)
        ? html`<p class="gathering">${words.gathering}</p>`
        : html`<mediad-chart class="chart" role="img" aria-label=${label} .trace=${trace} .scale=${scale} .locale=${locale} .sides=${sides} .span=${shown}></mediad-chart>`}
    </figure>`;
  };
  const small = (summary(t.rate)?.most ?? 1) < 1; // people say kbit/s then
  const frames = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return html`<div class="charts">
    ${small
      ? chart({ ...t.rate, values: t.rate.values.map((v) => v && v * 1000) }, fromZero(100), words.chartRate, 'kbit/s', (n) => rate(n * 1e3, words, locale))
      : chart(t.rate, fromZero(1), words.chartRate, 'Mbit/s', (n) => rate(n * 1e6, words, locale))}
    ${chart(t.skew, aroundZero(50), words.skew, words.unitMilliseconds, (n) => skew(n / 1000, words, locale), [words.soundFirst, words.pictureFirst])}
    ${chart(t.frames, fromZero(10), words.framesPerSecond, '', (n) => frames.format(n))}
  </div>`;
}
