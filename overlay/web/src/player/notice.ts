import { html, nothing, type TemplateResult } from 'lit';
import { icons } from '../shared/icons.ts';
import type { Cause, Phase } from './phase.ts';
import type { Words } from './words.ts';

export interface NoticeFacts {
  readonly phase: Phase;
  readonly cause: Cause;
  readonly title: string;
  readonly replayable: boolean;
  /** If the show is off air, it may go on. */
  readonly paused: boolean;
  /** A show is planned. */
  readonly planned: boolean;
  /** The page is for a former show, and nothing of it was played. */
  readonly unseen: boolean;
  /** The page is for a former show. */
  readonly former: boolean;
  /** The page names a room. */
  readonly named: boolean;
  /** Something of the show can be bought. */
  readonly goods: boolean;
  /** What tells of the next show. */
  readonly next: TemplateResult | typeof nothing;
}

const instead = html`<slot name="missing"></slot>`; // the page may know where to go

/** The message in the middle of the stage while there is no picture. */
export function notice(f: NoticeFacts, t: Words, act: { replay(): void; pocket(): void }): TemplateResult | typeof nothing {
  const panel = (icon: unknown, head: string, more: string, extra: unknown = nothing): TemplateResult =>
    html`<div class="notice" part="notice" role="status">${icon}<h2>${head}</h2>${more ? html`<p>${more}</p>` : nothing}${extra}</div>`;
  const medal = (i: TemplateResult): TemplateResult => html`<span class="medal">${i}</span>`;
  const title = f.title ? html`<p class="about-show">${f.title}</p>` : nothing;
  const ways = (again: string): TemplateResult => html`<div class="ways">${again ? html`<button class="replay" part="replay" @click=${act.replay}>${icons.replay}${again}</button>` : nothing}
    ${f.goods ? html`<button class="replay bag" part="goods" @click=${act.pocket}>${icons.bag}${t.products}</button>` : nothing}</div>`;
  switch (f.phase) {
    case 'connecting':
      return panel(html`<span class="spinner"></span>`, t.connecting, '');
    case 'before':
      if (f.next !== nothing) return html`<div class="notice ahead" part="notice" role="status"><p class="about-show">${t.before}</p>${f.next}<p>${t.beforeMore}</p></div>`;
      return panel(html`${medal(icons.clock)}${title}`, f.planned ? t.before : t.nonePlanned, f.planned ? t.beforeMore : t.nonePlannedMore, f.planned ? nothing : instead);
    case 'replay':
      return f.unseen ? panel(html`<span class="spinner"></span>`, t.connecting, '') : nothing;
    case 'interrupted':
      if (f.cause === 'offline') return panel(medal(icons.gone), t.offline, t.offlineMore);
      return f.cause === 'host'
        ? panel(html`<span class="dots"><i></i><i></i><i></i></span>`, t.hostBack, t.hostBackMore)
        : panel(html`<span class="spinner"></span>`, t.reconnecting, t.reconnectingMore);
    case 'ended':
      if (f.unseen) return panel(html`${medal(icons.gone)}${title}`, t.noReplay, t.noReplayMore, instead);
      if (f.former) return panel(title, t.replayOver, '', ways(t.watchAgain));
      return panel(
        html`${medal(f.paused ? icons.pause : icons.tick)}${title}`, f.paused ? t.paused : t.ended, f.paused ? t.hostBackMore : t.endedMore,
        html`${ways(!f.replayable ? '' : f.paused ? t.watchSoFar : t.watchReplay)}${f.next}`,
      );
    case 'failed':
      return panel(medal(icons.gone), t.failed, t.failedMore);
    case 'missing':
      return f.named ? panel(medal(icons.gone), t.noRoom, t.noRoomMore) : panel(medal(icons.gone), t.unnamed, t.unnamedMore);
    default:
      return nothing;
  }
}
