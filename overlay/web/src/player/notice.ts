import { html, nothing, type TemplateResult } from 'lit';
import { awayWords } from './board.ts';
import { icons } from '../shared/icons.ts';
import type { Phase } from './phase.ts';
import type { Words } from './words.ts';

export interface NoticeFacts {
  readonly phase: Phase;
  readonly cause: 'host' | 'network';
  /** For how many seconds more the room waits for the host; undefined: not known. */
  readonly away: number | undefined;
  readonly title: string;
  readonly replayable: boolean;
  /** If the show is off air, it may go on. */
  readonly paused: boolean;
  /** A show is planned. */
  readonly planned: boolean;
  /** The page is for a former show, and nothing of it was played. */
  readonly unseen: boolean;
  /** The page names a room. */
  readonly named: boolean;
  /** What tells of the next show. */
  readonly next: TemplateResult | typeof nothing;
}

/** The message in the middle of the stage while there is no picture. */
export function notice(f: NoticeFacts, t: Words, watchReplay: () => void): TemplateResult | typeof nothing {
  const panel = (icon: TemplateResult | typeof nothing, head: string, more: string, extra: unknown = nothing, counts = false): TemplateResult =>
    // A screen reader must not read a countdown each second.
    html`<div class="notice" part="notice" role="status">${icon}<h2>${head}</h2>${more ? html`<p aria-hidden=${counts ? 'true' : nothing}>${more}</p>` : nothing}${extra}</div>`;
  const medal = (i: TemplateResult): TemplateResult => html`<span class="medal">${i}</span>`;
  const title = f.title ? html`<p class="about-show">${f.title}</p>` : nothing;
  switch (f.phase) {
    case 'connecting':
      return panel(html`<span class="spinner"></span>`, t.connecting, '');
    case 'before':
      return panel(html`${medal(icons.clock)}${title}`, f.planned ? t.before : t.nonePlanned, f.planned ? t.beforeMore : t.nonePlannedMore, f.next);
    case 'replay':
      return f.unseen ? panel(html`<span class="spinner"></span>`, t.connecting, '') : nothing;
    case 'interrupted':
      return f.cause === 'host'
        ? panel(html`<span class="dots"><i></i><i></i><i></i></span>`, f.away === undefined ? t.hostBack : t.away, f.away === undefined ? t.hostBackMore : awayWords(f.away, t), nothing, f.away !== undefined)
        : panel(html`<span class="spinner"></span>`, t.reconnecting, t.reconnectingMore);
    case 'ended':
      if (f.unseen) return panel(html`${medal(icons.gone)}${title}`, t.noReplay, t.noReplayMore);
      return panel(
        html`${medal(icons.wave)}${title}`, f.paused ? t.paused : t.ended, f.paused ? t.hostBackMore : t.endedMore,
        f.replayable ? html`<button class="replay" part="replay" @click=${watchReplay}>${icons.replay}${f.paused ? t.watchSoFar : t.watchReplay}</button>${f.next}` : f.next,
      );
    case 'failed':
      return panel(medal(icons.wave), t.failed, t.failedMore);
    case 'missing':
      return f.named ? panel(medal(icons.gone), t.noRoom, t.noRoomMore) : panel(medal(icons.gone), t.unnamed, t.unnamedMore);
    default:
      return nothing;
  }
}
