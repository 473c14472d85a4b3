// The light build has the same types; the package does not say so.
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}

/** File name of the hls.js worker beside the player's module; given by the build. */
declare const WORKER_FILE: string;
/** File name of the player's extras beside its module; given by the build. */
declare const EXTRAS_FILE: string;
/** File name of what knows the player's pieces; given by the build. */
declare const PIECES_FILE: string;
/** File names of those pieces, by name; given by the build. */
declare const PIECE_FILES: Record<keyof import('./pieces.ts').Pieces, string>;

interface HTMLElementTagNameMap {
  'mediad-player': import('./player.ts').MediadPlayer;
}
