import type Hls from 'hls.js';
import Player from 'hls.js/light';
import type { ErrorData, HlsConfig, LoaderResponse, RetryConfig } from 'hls.js';
import { momentOf, placeOf, type Dated } from './dates.ts';
import type { Latency } from './room.ts';
import type { Source, SourceHooks, Wish } from './source.ts';

/**
 * Retries requests that hls.js would not: while a host reconnects or a server restarts, a playlist may be
 * refused (no connection: status 0), late (503) or missing (400, 404) for a few seconds. A recording that is missing stays so.
 */
const patient = (maxNumRetry: number, retryDelayMs: number, maxRetryDelayMs: number, live = true): RetryConfig => ({
  maxNumRetry,
  retryDelayMs,
  maxRetryDelayMs,
  backoff: 'exponential',
  shouldRetry: (config, count, _timeout, response: LoaderResponse | undefined) =>
    count < (config?.maxNumRetry ?? 0) && ![401, 403, 410, ...(live ? [] : [400, 404])].includes(response?.code ?? 0),
});

/**
 * How to follow each latency class. The playlist says where to play (PART-HOLD-BACK, HOLD-BACK). Without a rate
 * above 1, hls.js never catches up. By default it also stays a second further behind after each stall, which viewers
 * near live would notice. Slower classes catch up more slowly.
 */
const pace: Record<Latency, Partial<HlsConfig>> = {
  low: { maxLiveSyncPlaybackRate: 1.2, liveSyncOnStallIncrease: 0.25 },
  balanced: { maxLiveSyncPlaybackRate: 1.1, liveSyncOnStallIncrease: 0.5 },
  mass: { maxLiveSyncPlaybackRate: 1.05, liveSyncOnStallIncrease: 1 },
};
/** A viewer who rewound does not need to catch up, and Safari's ManagedMediaSource stutters where playback is faster. */
const unhurried: Partial<HlsConfig> = { maxLiveSyncPlaybackRate: 1 };

const config = (workerPath: string, { live, date, at }: Wish, latency: Latency): Partial<HlsConfig> => ({
  lowLatencyMode: live && date === undefined && latency !== 'mass',
  startPosition: at ?? -1,
  backBufferLength: 30,
  maxBufferLength: 20,
  capLevelToPlayerSize: true,
  workerPath,
  ...pace[latency],
  ...(date === undefined && !('ManagedMediaSource' in self) ? {} : unhurried),
  // hls.js marks every TS cue as emsg, so ID3 needs both switches.
  enableEmsgMetadataCues: true,
  enableID3MetadataCues: true,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 12000, timeoutRetry: patient(1, 500, 500), errorRetry: patient(3, 400, 1600, live) },
  },
  // The server may hold a blocking reload for three target durations.
  playlistLoadPolicy: {
    default: { maxTimeToFirstByteMs: 12000, maxLoadTimeMs: 16000, timeoutRetry: patient(3, 250, 1000), errorRetry: patient(10, 250, 2000) },
  },
  fragLoadPolicy: {
    default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 20000, timeoutRetry: patient(2, 250, 1000), errorRetry: patient(5, 250, 1000) },
  },
});

/** Plays through Media Source Extensions; undefined: the browser has none. */
export function hlsSource(video: HTMLVideoElement, wish: Wish, latency: Latency, hooks: SourceHooks): Source | undefined {
  const { url, live } = wish;
  if (!Player.isSupported()) return undefined;
  const worker = workerURL();
  const hls: Hls = new Player(config(worker, wish, latency));
  const { Events, ErrorTypes } = Player;
  let media = 2; // attempts left to recover from an error of the decoder
  let loading = false;
  let wakes = 0; // attempts to make it load, since it last did
  let whole = false; // the last loaded piece was a segment, not a part
  let quiet = performance.now(); // since when nothing has been loading
  const loads = (now: boolean) => (): void => {
    loading = now;
    quiet = performance.now();
  };

  hls.on(Events.FRAG_PARSING_METADATA, (_, { samples }) => {
    // pts is on the media timeline already, in seconds.
    for (const s of samples) hooks.tag(s.data, s.pts);
  });
  // A publisher with only sound may come back with pictures. Media Source Extensions take no new buffer during playback,
  // so a live player attaches again.
  let tracks = '';
  hls.on(Events.BUFFER_CODECS, (_, data) => {
    const now = Object.keys(data).sort().join();
    if (live && tracks && tracks !== now) setTimeout(() => hooks.failed()); // not inside hls.js's own call
    tracks = now;
  });
  let start = wish.date; // not reached yet
  hls.on(Events.LEVEL_LOADED, (_, { details }) => {
    if (start !== undefined) {
      const to = placeOf(details.fragments, clamped(details.fragments, start));
      start = undefined;
      if (to !== undefined) hls.startLoad(to);
    }
    if (!details.live) hooks.closed();
  });
  hls.on(Events.LEVEL_UPDATED, (_, { details }) => hooks.playlist(details.advanced));
  hls.on(Events.FRAG_LOADING, loads(true));
  hls.on(Events.FRAG_LOADED, (_, { part }) => {
    loads(false)();
    whole = !part;
    wakes = 0;
  });
  hls.on(Events.FRAG_LOAD_EMERGENCY_ABORTED, loads(false));
  hls.on(Events.ERROR, loads(false));
  hls.on(Events.ERROR, (_, error: ErrorData) => {
    if (!error.fatal) return;
    if (error.type === ErrorTypes.MEDIA_ERROR && media-- > 0) hls.recoverMediaError();
    else hooks.failed();
  });
  hls.loadSource(url);
  hls.attachMedia(video);

  // Near live, hls.js changes from segments to parts. If the segment before was loaded whole, hls.js treats that
  // segment as loaded and its parts as not loaded, and requests neither until those parts leave the playlist,
  // seconds later. With an empty buffer it chooses again.
  const empty = (): void => {
    quiet = performance.now();
    hls.trigger(Events.BUFFER_FLUSHING, { startOffset: 0, endOffset: Infinity, type: null });
  };

  const finite = (n: number | null | undefined): number | undefined => (typeof n === 'number' && Number.isFinite(n) ? n : undefined);
  return {
    date: () => {
      const details = hls.latestLevelDetails;
      return details ? momentOf(details.fragments, video.currentTime) : undefined;
    },
    seekDate: (date) => {
      const details = hls.latestLevelDetails;
      const to = details ? placeOf(details.fragments, wish.date === undefined ? date : clamped(details.fragments, date)) : undefined;
      if (to === undefined) return false;
      video.currentTime = to;
      return true;
    },
    latency: () => (hls.latestLevelDetails ? finite(hls.latency) : undefined),
    target: () => finite(hls.targetLatency),
    livePosition: () => finite(hls.liveSyncPosition),
    goLive: () => {
      const to = finite(hls.liveSyncPosition);
      if (to === undefined) return;
      if (whole) empty();
      video.currentTime = to;
    },
    wake: () => {
      const { buffered: b, currentTime: t } = video;
      // If there is media ahead, the machine is slow, not the loading.
      const details = hls.latestLevelDetails;
      if (!details || loading || performance.now() - quiet < 700 || (b.length && b.end(b.length - 1) - t > 0.25)) return;
      // A restarted server continues with much higher numbers, and hls.js cannot get there from its present
      // position.
      const left = t < details.fragmentStart - 1;
      if (left || wakes++ > 1) hooks.failed();
      else empty();
    },
    destroy: () => {
      hls.destroy();
      if (worker.startsWith('blob:')) URL.revokeObjectURL(worker);
    },
  };
}

/** No date can be before the begin of the rewind playlist. */
const clamped = (list: readonly Dated[], date: number): number => Math.max(date, list[0]?.programDateTime ?? date);

/** A page on another origin may not start our worker directly, but it may start one that imports ours. */
function workerURL(): string {
  const url = new URL(WORKER_FILE, import.meta.url);
  if (url.origin === location.origin) return url.href;
  return URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(url.href)})`], { type: 'text/javascript' }));
}
