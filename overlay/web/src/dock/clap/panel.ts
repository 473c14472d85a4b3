import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { live } from 'lit/directives/live.js';
import { inLanguage, say } from '../../shared/language.ts';
import clap from '../../generated/strings/dock-clap.ts';
import { troubleWords } from '../strip.ts';
import type { Language } from '../words.ts';
import { secondsIn } from './seconds.ts';
import type { Clap } from './clap.ts';

const frame = 0.04; // s

/** Measures the delay with the host, step by step. It stands in the page: no dialog covers what is live. */
export function clapPanel(c: Clap, onAir: boolean, locked: boolean, language: Language, close: () => void): TemplateResult {
  const words = inLanguage(clap, language.locale);
  const { most, step } = c;
  const time = secondsIn(c.value, language.locale);
  const ready = step === 'finding' && most > 0;
  const again = html`<button type="button" ?disabled=${locked} @click=${() => void c.count()}>${words.clapAgain}</button>`;
  const leave = html`<button type="button" class="leave" @click=${close}>${words.clapClose}</button>`;
  return html`<div class="clap-steps" data-step=${step} tabindex="-1">
    <div class="clap-picture" dir="ltr">
      <video .muted=${true} playsinline aria-label=${words.clapPicture} ${ref((v) => c.see(v as HTMLVideoElement | undefined))}></video>
      ${step === 'counting' ? html`<strong class="beat" data-last=${c.left === 0}>${c.left || words.clapNow}</strong>` : nothing}
      ${ready && c.card !== false ? html`<span class="clap-card">${words.clapCard}</span>` : nothing}
    </div>
    <p role="status">${
      step === 'ready' ? (onAir ? words.clapWhy : words.clapOffAir)
      : step === 'counting' ? words.clapCount
      : step === 'arriving' || (step === 'finding' && !ready) ? words.clapArriving
      : step === 'finding' ? words.clapFind
      : say(words.clapSaved, { t: time })}</p>
    ${ready ? html`<label class="clap-delay"><span>${words.clapDelay} <strong>${time}</strong></span>
      <input type="range" min="0" max=${most} step="0.02" .value=${live(String(c.value))} aria-valuetext=${time} @input=${(e: Event) => c.choose(Number((e.target as HTMLInputElement).value))} /></label>
      <div class="acts"><button type="button" title=${words.clapBackTip} @click=${() => c.choose(c.value - frame)}>− ${secondsIn(frame, language.locale)}</button>
        <button type="button" title=${words.clapOnTip} @click=${() => c.choose(c.value + frame)}>+ ${secondsIn(frame, language.locale)}</button>
        <button type="button" class="try" title=${words.clapTryTip} @click=${() => c.play()}>${words.clapTry}</button></div>
      ${c.may ? nothing : html`<p class="soft">${say(words.clapMayNot, { t: time })}</p>`}` : nothing}
    ${c.trouble ? html`<p class="trouble" role="alert">${troubleWords(c.trouble, language)}</p>` : nothing}
    <div class="acts">
      ${step === 'ready' ? html`<button type="button" class="loud count" ?disabled=${locked || !onAir} @click=${() => void c.count()}>${words.clapStart}</button>` : nothing}
      ${ready && c.may ? html`<button type="button" class="loud save" ?disabled=${locked} @click=${() => void c.save()}>${words.clapSave}</button>` : nothing}
      ${step === 'saved' ? html`<button type="button" class="loud undo-delay" ?disabled=${locked} @click=${() => void c.undo()}>${words.clapUndo}</button>` : nothing}
      ${step === 'finding' || step === 'saved' ? again : nothing}${leave}
    </div>
  </div>`;
}
