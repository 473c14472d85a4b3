// The light build has the same types; the package does not say so.
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}

/** File name of the hls.js worker beside the player's module; given by the build. */
declare const WORKER_FILE: string;
/** File name of the player's extras beside its module; given by the build. */
declare const EXTRAS_FILE: string;
/** File name of what coupons need beside the extras; given by the build. */
declare const COUPON_FILE: string;

interface HTMLElementTagNameMap {
  'mediad-player': import('./player.ts').MediadPlayer;
}
