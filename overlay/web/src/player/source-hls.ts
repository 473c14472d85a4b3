import type Hls from 'hls.js';
import type { ErrorData, HlsConfig, LoaderResponse, RetryConfig } from 'hls.js';
import { momentOf, placeOf, type Dated } from './dates.ts';
import type { Latency } from './room.ts';
import type { Source, SourceHooks, Wish } from './source.ts';

/**
 * Retries what hls.js would not: while a host reconnects or a server restarts, a playlist may be refused (no
 * connection: status 0), late (503) or not yet there (400, 404) for a few seconds.
 */
const patient = (maxNumRetry: number, retryDelayMs: number, maxRetryDelayMs: number): RetryConfig => ({
  maxNumRetry,
  retryDelayMs,
  maxRetryDelayMs,
  backoff: 'exponential',
  shouldRetry: (config, count, _timeout, response: LoaderResponse | undefined) =>
    count < (config?.maxNumRetry ?? 0) && ![401, 403, 410].includes(response?.code ?? 0),
});

/**
 * How each latency class is followed. Where to play is what the playlist says (PART-HOLD-BACK, HOLD-BACK). Without a
 * rate above 1, hls.js never catches up; and for each stall it stays a second further behind, which only viewers far
 * from live do not notice. The slower a class, the gentler.
 */
const pace: Record<Latency, Partial<HlsConfig>> = {
  low: { maxLiveSyncPlaybackRate: 1.2, liveSyncOnStallIncrease: 0.25 },
  balanced: { maxLiveSyncPlaybackRate: 1.1, liveSyncOnStallIncrease: 0.5 },
  mass: { maxLiveSyncPlaybackRate: 1.05, liveSyncOnStallIncrease: 1 },
};
/** Who went back is in no hurry. */
const unhurried: Partial<HlsConfig> = { maxLiveSyncPlaybackRate: 1 };

const config = (workerPath: string, { live, date, at }: Wish, latency: Latency): Partial<HlsConfig> => ({
  lowLatencyMode: live && date === undefined && latency !== 'mass',
  startPosition: at ?? -1,
  backBufferLength: 30,
  maxBufferLength: 20,
  capLevelToPlayerSize: true,
  workerPath,
  ...pace[latency],
  ...(date === undefined ? {} : unhurried),
  // Every TS cue is typed as emsg by hls.js, so both switches must be on for ID3 to come through.
  enableEmsgMetadataCues: true,
  enableID3MetadataCues: true,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 12000, timeoutRetry: patient(1, 500, 500), errorRetry: patient(3, 400, 1600) },
  },
  // A blocking reload may be held for three target durations before it is answered.
  playlistLoadPolicy: {
    default: { maxTimeToFirstByteMs: 12000, maxLoadTimeMs: 16000, timeoutRetry: patient(3, 250, 1000), errorRetry: patient(10, 250, 2000) },
  },
  fragLoadPolicy: {
    default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 20000, timeoutRetry: patient(2, 250, 1000), errorRetry: patient(5, 250, 1000) },
  },
});

/** Plays through Media Source Extensions; undefined where there are none. */
export async function hlsSource(video: HTMLVideoElement, wish: Wish, latency: Latency, hooks: SourceHooks): Promise<Source | undefined> {
  const { url, live } = wish;
  const { default: Player } = await import('hls.js/light');
  if (!Player.isSupported()) return undefined;
  const worker = workerURL();
  const hls: Hls = new Player(config(worker, wish, latency));
  const { Events, ErrorTypes } = Player;
  let media = 2; // attempts at mending a decoder that stumbled
  let loading = false;
  let wakes = 0; // attempts at getting it to load, since it last did
  let whole = false; // what was loaded last was a segment, not a part
  let quiet = performance.now(); // since when nothing is being loaded
  const loads = (now: boolean) => (): void => {
    loading = now;
    quiet = performance.now();
  };

  hls.on(Events.FRAG_PARSING_METADATA, (_, { samples }) => {
    // hls.js has already moved pts onto the media timeline, in seconds.
    for (const s of samples) hooks.tag(s.data, s.pts);
  });
  // A publisher of sound alone that comes back with pictures: Media Source Extensions take no new buffer while one plays.
  // Live, attaching anew is the way on.
  let tracks = '';
  hls.on(Events.BUFFER_CODECS, (_, data) => {
    const now = Object.keys(data).sort().join();
    if (live && tracks && tracks !== now) setTimeout(() => hooks.failed('other tracks')); // not while hls.js is at it
    tracks = now;
  });
  let start = wish.date; // still to be gone to
  hls.on(Events.LEVEL_LOADED, (_, { details }) => {
    if (start !== undefined) {
      const to = placeOf(details.fragments, clamped(details.fragments, start));
      start = undefined;
      if (to !== undefined) hls.startLoad(to);
    }
    if (!details.live) hooks.closed(details.url);
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
    else hooks.failed(error.details);
  });
  hls.loadSource(url);
  hls.attachMedia(video);

  // Near live, hls.js goes over from segments to parts. If the segment before was loaded whole, it takes that one's
  // parts for not loaded and the segment itself for loaded, and asks for neither until those parts leave the
  // playlist, seconds later. With the buffer empty it chooses anew.
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
      // With media ahead it is the machine that is slow, not the loading.
      const details = hls.latestLevelDetails;
      if (!details || loading || performance.now() - quiet < 700 || (b.length && b.end(b.length - 1) - t > 0.25)) return;
      // A server that was restarted goes on with numbers far ahead: hls.js finds no way there from what it has.
      const left = t < details.fragmentStart - 1;
      if (left || wakes++ > 1) hooks.failed(left ? 'left behind' : 'nothing is loaded');
      else empty();
    },
    destroy: () => {
      hls.destroy();
      if (worker.startsWith('blob:')) URL.revokeObjectURL(worker);
    },
  };
}

/** Nothing is older than the begin of the rewind playlist. */
const clamped = (list: readonly Dated[], date: number): number => Math.max(date, list[0]?.programDateTime ?? date);

/** A page on another origin may not start our worker by its address, but may start one that imports it. */
function workerURL(): string {
  const url = new URL(WORKER_FILE, import.meta.url);
  if (url.origin === location.origin) return url.href;
  return URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(url.href)})`], { type: 'text/javascript' }));
}
