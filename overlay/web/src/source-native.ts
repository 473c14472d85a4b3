import type { Source, SourceHooks } from './source.ts';

/** Safari's cue for ID3: key TXXX, info the description, data the text. */
interface DataCue extends TextTrackCue {
  readonly value?: { readonly key?: string; readonly info?: string; readonly data?: unknown };
}

/** Lets the browser itself play HLS; undefined where it cannot. */
export function nativeSource(video: HTMLVideoElement, url: string, hooks: SourceHooks): Source | undefined {
  if (!video.canPlayType('application/vnd.apple.mpegurl')) return undefined;
  const stop = new AbortController();
  const on = { signal: stop.signal };
  const seen = new WeakSet<TextTrackCue>();

  // `cuechange` shows only the last of several cues on a frame, so the whole list is read each time.
  const read = (): void => {
    for (const track of Array.from(video.textTracks)) {
      if (track.kind !== 'metadata') continue;
      if (track.mode === 'disabled') track.mode = 'hidden';
      for (const cue of Array.from((track.cues ?? []) as ArrayLike<DataCue>)) {
        if (seen.has(cue)) continue;
        seen.add(cue);
        const { key, info, data } = cue.value ?? {};
        if (key === 'TXXX' && info === 'mediad.cue' && typeof data === 'string') hooks.text(data, cue.startTime);
      }
    }
  };
  video.textTracks.addEventListener('addtrack', ({ track }) => {
    if (track?.kind !== 'metadata') return;
    track.mode = 'hidden';
    track.addEventListener('cuechange', read, on);
  }, on);
  video.addEventListener('timeupdate', read, on);
  video.addEventListener('progress', () => hooks.playlist(true), on);
  video.addEventListener('error', () => hooks.failed(video.error?.message || 'media error'), on);
  video.src = url;

  const edge = (): number | undefined => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : undefined);
  return {
    latency: () => {
      const end = edge();
      return end === undefined || video.duration !== Infinity ? undefined : end - video.currentTime;
    },
    target: () => undefined,
    livePosition: edge,
    goLive: () => {
      video.currentTime = edge() ?? video.currentTime;
    },
    wake: () => undefined,
    destroy: () => {
      stop.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
