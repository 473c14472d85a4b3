import type { Source, SourceHooks, Wish } from './source.ts';

/** Safari's cue for ID3: key TXXX, info the description, data the text. */
interface DataCue extends TextTrackCue {
  readonly value?: { readonly key?: string; readonly info?: string; readonly data?: unknown };
}

/** Lets the browser itself play HLS; undefined: it cannot. */
export function nativeSource(video: HTMLVideoElement, wish: Wish, hooks: SourceHooks): Source | undefined {
  if (!video.canPlayType('application/vnd.apple.mpegurl')) return undefined;
  const stop = new AbortController();
  const on = { signal: stop.signal };
  const seen = new WeakSet<TextTrackCue>();

  // `cuechange` gives only the last of several cues on a frame, so the whole list is read each time.
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
  video.addEventListener('error', () => hooks.failed(), on);
  video.addEventListener('loadedmetadata', () => {
    if (wish.date !== undefined) seekDate(wish.date);
    else if (wish.at) video.currentTime = wish.at;
  }, { ...on, once: true });
  video.src = wish.url;

  // Safari: the date of media time 0; NaN: the stream has none.
  const zero = (): number => (video as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.().getTime() ?? NaN;
  const seekDate = (date: number): boolean => {
    const to = (date - zero()) / 1000;
    const { seekable: s } = video;
    if (!(s.length && to >= s.start(0) && to <= s.end(s.length - 1))) return false;
    video.currentTime = to;
    return true;
  };

  const edge = (): number | undefined => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : undefined);
  return {
    date: () => {
      const date = zero() + video.currentTime * 1000;
      return Number.isFinite(date) ? date : undefined;
    },
    seekDate,
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
