import { css } from 'lit';

/**
 * Styles of the player. Pages can set --mediad-accent, --mediad-on-accent, --mediad-radius,
 * --mediad-card-radius, --mediad-font.
 */
const base = css`
  :host {
    --accent: var(--mediad-accent, #e02d3c);
    --on-accent: var(--mediad-on-accent, #fff);
    --card-radius: var(--mediad-card-radius, 18px);
    --glass: rgb(255 255 255 / 0.93);
    --ink: #17171c;
    --soft: #6a6a74;
    --line: rgb(0 0 0 / 0.07);
    --price: color-mix(in srgb, var(--accent) 88%, #000);
    --edge: 12px;
    --low: env(safe-area-inset-bottom, 0px);
    display: block;
    position: relative;
    box-sizing: border-box;
    width: 100%;
    aspect-ratio: 9 / 16;
    max-height: 100vh;
    max-height: 100svh;
    container: mediad / size;
    isolation: isolate;
    overflow: hidden;
    border-radius: var(--mediad-radius, 0);
    background: #0c0c11;
    color: #fff;
    font: 400 15px/1.4 var(--mediad-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB',
      'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif);
    -webkit-font-smoothing: antialiased;
    -webkit-tap-highlight-color: transparent;
  }
  :host([hidden]) { display: none; }
  :host(:fullscreen) { border-radius: 0; outline: none; max-height: none; }
  @media (min-width: 720px) {
    :host { aspect-ratio: 16 / 9; }
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --glass: rgb(26 26 32 / 0.92);
      --ink: #f6f6f8;
      --soft: #a6a6b2;
      --line: rgb(255 255 255 / 0.1);
      --price: color-mix(in srgb, var(--accent) 58%, #fff);
    }
  }
  :focus-visible, :host(:focus-visible) { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 6px rgb(0 0 0 / 0.55); }
  :host(:focus-visible) { outline-offset: -3px; box-shadow: none; }
  *, ::before, ::after { box-sizing: border-box; }
  p, h2, h3 { margin: 0; font: inherit; }
  button { font: inherit; color: inherit; border: 0; background: none; padding: 0; cursor: pointer; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const stage = css`
  .stage {
    position: absolute; inset: 0; overflow: hidden; border-radius: inherit;
    background: radial-gradient(120% 70% at 50% 0%, color-mix(in srgb, var(--accent) 26%, #17171f), #0c0c11 72%);
  }
  .stage > * { position: absolute; }
  video, .poster, .tap, .shade { inset: 0; width: 100%; height: 100%; }
  /* The light around the picture is a handful of pixels drawn large: a filter, here or under the cards, would be
     worked out anew for every frame of the video. */
  .glow { inset: 0; width: 100%; height: 100%; opacity: 0; transition: opacity 0.8s; }
  video { object-fit: contain; opacity: 0; transition: opacity 0.4s; }
  [data-phase='live'] video, [data-phase='replay'] video { opacity: 1; }
  [data-phase='live'] .glow, [data-phase='replay'] .glow, [data-phase='interrupted'] .glow { opacity: 0.6; }
  [data-phase='interrupted'] video { opacity: 0.35; filter: blur(10px); }
  [data-fit='cover'] video { object-fit: cover; }
  .poster { object-fit: cover; filter: brightness(0.42); }
  .shade {
    pointer-events: none; opacity: 0; transition: opacity 0.3s;
    background: linear-gradient(#0008, #0000 104px), linear-gradient(to top, #000b, #0005 64px, #0000 150px);
  }
  [data-phase='live'] .shade, [data-phase='replay'] .shade { opacity: 1; }
  .tap { cursor: default; }

  .top {
    top: calc(var(--edge) + env(safe-area-inset-top, 0px)); left: var(--edge); right: calc(var(--edge) + 130px); overflow: hidden;
    display: flex; align-items: center; gap: 6px; min-height: 44px; pointer-events: none; min-width: 0;
  }
  .live, .crowd {
    display: inline-flex; align-items: center; gap: 6px; height: 28px; padding: 0 10px; border-radius: 14px; pointer-events: auto;
    background: rgb(10 10 14 / 0.58);
    font-size: 12px; font-weight: 700; letter-spacing: 0.03em; white-space: nowrap; font-variant-numeric: tabular-nums;
  }
  .live { background: var(--accent); color: var(--on-accent); }
  .live[data-edge='away'] { background: #ffd65c; color: #2b2100; }
  .live[data-edge='behind'], .live[data-edge='replay'] { background: rgb(70 70 80 / 0.75); }
  .live i { width: 7px; height: 7px; border-radius: 50%; background: currentColor; animation: breathe 2s ease-in-out 4; }
  .live small { font-size: 11px; font-weight: 500; letter-spacing: 0; }
  .crowd { font-weight: 600; }
  .crowd svg { width: 15px; height: 15px; }
  .name { font-weight: 600; text-shadow: 0 1px 6px #000a; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-left: 4px; }

  .unmute {
    top: calc(var(--edge) + env(safe-area-inset-top, 0px)); right: var(--edge);
    display: flex; align-items: center; gap: 8px; height: 44px; padding: 0 16px 0 12px; border-radius: 22px;
    background: rgb(255 255 255 / 0.94); color: #17171c; font-size: 14px; font-weight: 650; white-space: nowrap;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.28); animation: rise 0.4s both;
  }
  .unmute svg { width: 21px; height: 21px; }
  .play {
    inset: 0; margin: auto; width: 76px; height: 76px; border-radius: 50%; display: grid; place-items: center;
    background: rgb(10 10 14 / 0.58); transition: transform 0.2s;
  }
  .play:hover { transform: scale(1.06); }
  .play svg { width: 38px; height: 38px; margin-left: 4px; }
`;

const notices = css`
  .notice {
    inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 8px; padding: 24px 32px;
    text-align: center; pointer-events: none; animation: rise 0.45s both; text-wrap: balance;
  }
  .notice > * { flex: none; max-width: 440px; }
  .notice h2 { font-size: clamp(19px, 5cqmin, 26px); line-height: 1.25; font-weight: 700; letter-spacing: -0.01em; }
  .notice p { color: rgb(255 255 255 / 0.74); font-size: 15px; }
  .notice .about-show { color: #fff; opacity: 0.9; font-weight: 600; font-size: 14px; margin-bottom: 2px; }
  .medal {
    display: grid; place-items: center; width: 64px; height: 64px; margin-bottom: 12px; border-radius: 50%;
    background: rgb(255 255 255 / 0.1); border: 1px solid rgb(255 255 255 / 0.16);
  }
  .medal svg { width: 30px; height: 30px; stroke-width: 1.6; }
  .replay {
    display: inline-flex; align-items: center; gap: 8px; height: 48px; margin-top: 16px; padding: 0 22px 0 18px; border-radius: 24px;
    background: #fff; color: #17171c; font-weight: 650; pointer-events: auto; transition: transform 0.2s;
  }
  .replay:hover { transform: translateY(-1px); }
  .replay svg { width: 20px; height: 20px; }
  .spinner {
    width: 40px; height: 40px; margin-bottom: 10px; border-radius: 50%; border: 3px solid rgb(255 255 255 / 0.2); border-top-color: #fff;
    animation: turn 0.9s linear infinite;
  }
  .dots { display: flex; gap: 8px; margin-bottom: 14px; }
  .dots i { width: 10px; height: 10px; border-radius: 50%; background: #fff; animation: hop 1.2s ease-in-out infinite; }
  .dots i:nth-child(2) { animation-delay: 0.15s; }
  .dots i:nth-child(3) { animation-delay: 0.3s; }
`;

const boards = css`
  .board {
    top: calc(var(--edge) + env(safe-area-inset-top, 0px) + 52px); left: var(--edge); right: var(--edge); z-index: 2;
    display: flex; flex-direction: column; align-items: center; gap: 8px; pointer-events: none;
  }
  .board > * { max-width: min(100%, 520px); }
  .words, .away { display: flex; align-items: center; gap: 10px; padding: 10px 16px 10px 12px; border-radius: 16px; animation: drop 0.4s cubic-bezier(0.2, 0.9, 0.25, 1.05) both; }
  .words { background: var(--glass); color: var(--ink); box-shadow: 0 10px 36px rgb(0 0 0 / 0.3), inset 0 0 0 1px rgb(255 255 255 / 0.14); font-size: 15px; line-height: 1.35; font-weight: 600; }
  .words svg { flex: none; width: 24px; height: 24px; color: var(--price); }
  .words p { min-width: 0; overflow-wrap: anywhere; text-wrap: pretty; }
  .away { background: rgb(10 10 14 / 0.78); font-size: 14px; line-height: 1.35; font-variant-numeric: tabular-nums; }
  .away .dots { flex: none; margin: 0; gap: 5px; }
  .away .dots i { width: 7px; height: 7px; }
  [data-away] video { filter: brightness(0.72); }
`;

const cards = css`
  .shelf {
    left: var(--edge); right: var(--edge); bottom: calc(56px + var(--bar, 0px) + var(--low)); z-index: 1;
    display: flex; flex-direction: column; gap: 8px; pointer-events: none;
  }
  .chips { display: flex; gap: 8px; overflow-x: auto; scrollbar-width: none; padding: 10px; margin: -10px; scroll-snap-type: x proximity; }
  .card {
    pointer-events: auto; background: var(--glass); color: var(--ink); border-radius: var(--card-radius);
    box-shadow: 0 10px 36px rgb(0 0 0 / 0.3), inset 0 0 0 1px rgb(255 255 255 / 0.14);
    animation: arrive 0.5s cubic-bezier(0.2, 0.9, 0.25, 1.08) both;
  }
  .card[data-leaving] { animation: leave 0.26s ease-in both; pointer-events: none; }
  .pic {
    position: relative; display: grid; place-items: center; flex: none; overflow: hidden; color: var(--soft);
    background: linear-gradient(140deg, color-mix(in srgb, var(--accent) 9%, var(--line)), var(--line));
  }
  .pic img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; animation: appear 0.3s both; }
  .pic img[hidden] { display: none; }
  .pic svg { width: 38%; height: 38%; stroke-width: 1.3; opacity: 0.55; }
  .facts { min-width: 0; display: flex; flex-direction: column; }
  .title { overflow: hidden; overflow-wrap: anywhere; }

  .big { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 12px; padding: 10px; max-width: 460px; width: 100%; }
  .big .pic { width: 92px; height: 100%; min-height: 92px; border-radius: calc(var(--card-radius) - 7px); }
  .big .facts { padding: 1px 2px 0 0; }
  .eyebrow { display: flex; align-items: center; gap: 6px; min-height: 18px; font-size: 11.5px; line-height: 18px; font-weight: 650; color: var(--price); white-space: nowrap; }
  .eyebrow span:first-of-type { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .eyebrow .badge { flex: none; }
  .eyebrow i { flex: none; width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: breathe 2s ease-in-out 4; }
  .big .title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; font-size: 15px; line-height: 1.32; font-weight: 600; margin-top: 2px; }
  .about { display: none; }
  /* A price too wide for its line sends the button to the next, where it takes all the width. */
  .deal { display: flex; flex-wrap: wrap; align-items: end; gap: 6px 8px; margin-top: auto; padding-top: 6px; }
  .prices { flex: 999 1 auto; display: flex; flex-direction: column; line-height: 1.15; font-variant-numeric: tabular-nums; }
  .prices strong { font-size: 20px; font-weight: 750; color: var(--price); letter-spacing: -0.02em; white-space: nowrap; }
  .was { font-size: 12px; color: var(--soft); white-space: nowrap; margin-top: 2px; }
  .was em { font-style: normal; font-weight: 650; color: var(--price); margin-left: 3px; }
  .badge { padding: 0 7px; border-radius: 9px; font-size: 11px; line-height: 18px; font-weight: 650; background: #fff1d6; color: #7c4a00; white-space: nowrap; }
  .badge[data-stock='out'] { background: #e4e4ea; color: #44444e; }
  .badge[data-stock='preorder'] { background: #dfeaff; color: #123f92; }
  .buy {
    flex: 1 0 auto; display: grid; place-items: center; min-height: 44px; padding: 0 18px; border-radius: 22px; text-decoration: none; white-space: nowrap;
    background: var(--accent); color: var(--on-accent); font-size: 15px; font-weight: 650; transition: filter 0.15s, transform 0.15s;
  }
  .buy:hover { filter: brightness(1.07); transform: translateY(-1px); }
  .buy:active { transform: scale(0.97); }
  .buy.quiet { background: var(--line); color: var(--ink); }
  .big[data-stock='out'] .pic img { filter: grayscale(0.85); opacity: 0.7; }

  .chip {
    display: flex; align-items: center; gap: 8px; flex: 0 1 auto; min-width: 132px; max-width: 190px; min-height: 48px; padding: 4px 14px 4px 4px; border-radius: 16px; text-decoration: none;
    scroll-snap-align: start;
  }
  .chip, .chip[data-leaving] { box-shadow: 0 2px 10px rgb(0 0 0 / 0.2), inset 0 0 0 1px rgb(255 255 255 / 0.14); }
  .chip .pic { width: 40px; height: 40px; border-radius: 12px; }
  .chip .title { font-size: 12px; line-height: 1.25; white-space: nowrap; text-overflow: ellipsis; color: var(--soft); }
  .chip strong { font-size: 13.5px; line-height: 1.3; font-weight: 700; color: var(--price); font-variant-numeric: tabular-nums; }
`;

const keys = css`
  .controls {
    left: 0; right: 0; bottom: 0; display: flex; align-items: center; gap: 2px; min-height: 52px;
    padding: 0 calc(var(--edge) - 8px) var(--low); transition: opacity 0.25s;
  }
  [data-idle] .controls:not(:focus-within) { opacity: 0; }
  .key { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; }
  .key svg { width: 23px; height: 23px; filter: drop-shadow(0 1px 3px #0008); }
  .space { flex: 1; }
  /* The bar has a line of its own; below its own 28 pixels a finger finds it between the keys, too. */
  .stage[data-bar] { --bar: 28px; }
  [data-bar] .controls { flex-wrap: wrap; }
  .seek {
    flex: 1 0 calc(100% - 16px); min-width: 0; height: 44px; margin: 0 8px -16px; appearance: none; background: none; cursor: pointer; touch-action: none;
    --track: linear-gradient(to right, #fff calc(8px + (100% - 16px) * var(--done, 0)), rgb(255 255 255 / 0.36) 0);
  }
  .seek::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--track); box-shadow: 0 0 3px #0006; }
  .seek::-moz-range-track { height: 4px; border-radius: 2px; background: var(--track); box-shadow: 0 0 3px #0006; }
  .seek::-webkit-slider-thumb { appearance: none; width: 16px; height: 16px; margin-top: -6px; border: 0; border-radius: 50%; background: #fff; box-shadow: 0 1px 4px #0008; }
  .seek::-moz-range-thumb { width: 16px; height: 16px; border: 0; border-radius: 50%; background: #fff; box-shadow: 0 1px 4px #0008; }
  .seek:focus-visible { outline-offset: -10px; border-radius: 22px; box-shadow: none; }
  .seek[data-mouse] { outline: none; } /* a script's focus counts as the keyboard's in Chromium */
  .preview {
    position: absolute; z-index: 2; bottom: calc(100% - 6px); transform: translateX(-50%); display: grid; justify-items: center; gap: 4px; pointer-events: none;
    font-size: 13px; font-variant-numeric: tabular-nums; text-shadow: 0 1px 3px #000a;
  }
  .preview i { border-radius: 8px; background-color: #000; box-shadow: 0 0 0 2px #fff, 0 4px 16px #0009; }
  .time { padding: 0 6px; font-size: 13px; white-space: nowrap; font-variant-numeric: tabular-nums; text-shadow: 0 1px 3px #000a; color: rgb(255 255 255 / 0.86); }
  .time b { font-weight: 650; color: #fff; }
  .volume { width: 84px; height: 44px; margin: 0 6px 0 0; accent-color: #fff; cursor: pointer; background: none; }
  .go-live {
    display: inline-flex; align-items: center; gap: 7px; min-height: 36px; padding: 0 14px; border-radius: 18px; font-size: 13px; font-weight: 650;
    background: rgb(255 255 255 / 0.94); color: #17171c; position: relative;
  }
  .go-live::after { content: ''; position: absolute; inset: -4px 0; }
  .go-live i { width: 7px; height: 7px; border-radius: 50%; background: var(--accent); }
  .go-live small { font-weight: 500; color: #6a6a74; font-variant-numeric: tabular-nums; }
  @media (hover: none) {
    .volume { display: none; }
    .key:hover, .key:active { background: none; }
  }
  @media (hover: hover) { .key:hover { background: rgb(255 255 255 / 0.16); } }
  @container mediad (max-width: 420px) { .volume { display: none; } }
`;

const layouts = css`
  /* A tall picture fills a tall stage; a wide one stands above the middle of it and leaves room for the card. */
  @container mediad (max-aspect-ratio: 4 / 5) {
      [data-shape='wide'] video { object-position: 50% 30%; }
    [data-cards] .notice { bottom: 40%; }
  }
  @container mediad (max-width: 400px) {
    .big { grid-template-columns: 84px minmax(0, 1fr); gap: 10px; }
    .big .pic { width: 84px; }
    .prices strong { font-size: 18px; }
    .deal .buy { padding: 0 15px; font-size: 14.5px; }
  }
  /* Little height: one line of title. */
  @container mediad (max-height: 420px) {
    .big .title { -webkit-line-clamp: 1; }
    .chips { display: none; }
  }
  /* A wide stage: the card stands over the picture, at the left. */
  @container mediad (min-aspect-ratio: 1 / 1) and (min-width: 640px) {
    .stage { --edge: 20px; }
    .board { top: var(--edge); left: 184px; right: 152px; min-height: 44px; justify-content: center; }
    :host([titled]) .board { top: calc(var(--edge) + 52px); left: var(--edge); right: var(--edge); }
    .shelf { right: auto; width: min(420px, 46cqw); bottom: calc(64px + var(--bar, 0px) + var(--low)); }
    .big { grid-template-columns: 108px minmax(0, 1fr); padding: 12px; gap: 14px; }
    .big .pic { width: 108px; min-height: 108px; }
    .big .title { font-size: 16px; }
    .prices strong { font-size: 22px; }
    .controls { padding-inline: 12px; }
  }
  /* A tall picture on a wide stage leaves room beside it: there the card can be large. */
  @container mediad (min-aspect-ratio: 3 / 2) and (min-height: 440px) {
    [data-shape='tall'] .shelf {
      left: calc(50% + 50cqh * var(--shape, 0.5625) + clamp(16px, 3cqw, 40px)); top: 72px; bottom: calc(60px + var(--bar, 0px)); justify-content: center; flex-direction: column-reverse; gap: 12px;
      width: min(316px, calc(50cqw - 50cqh * var(--shape, 0.5625) - clamp(16px, 3cqw, 40px) - 20px));
    }
    [data-shape='tall'] .big { display: flex; flex-direction: column; gap: 14px; padding: 14px; }
    [data-shape='tall'] .big .pic { width: 100%; height: auto; aspect-ratio: 1; max-height: calc(100cqh - 470px); }
    [data-shape='tall'] .big .facts { padding: 0 4px 4px; }
    [data-shape='tall'] .big .title { font-size: 18px; line-height: 1.3; font-weight: 650; margin-top: 4px; }
    [data-shape='tall'] .about { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 13.5px; line-height: 1.45; color: var(--soft); margin-top: 6px; }
    [data-shape='tall'] .deal { flex-direction: column; align-items: stretch; gap: 14px; padding-top: 12px; }
    [data-shape='tall'] .prices { flex-direction: row; align-items: baseline; gap: 8px; flex-wrap: wrap; }
    [data-shape='tall'] .prices strong { font-size: 26px; }
    [data-shape='tall'] .was { font-size: 13.5px; }
    [data-shape='tall'] .buy { min-height: 48px; border-radius: 24px; font-size: 16px; }
    [data-shape='tall'] .chips { flex-direction: column; overflow: visible; }
    [data-shape='tall'] .chip { max-width: none; width: 100%; }
  }
  @container mediad (min-aspect-ratio: 3 / 2) and (min-height: 440px) and (max-height: 640px) {
    [data-shape='tall'] .big { gap: 10px; padding: 12px; }
    [data-shape='tall'] .big .pic { aspect-ratio: auto; min-height: 0; height: clamp(60px, 100cqh - 420px, 220px); max-height: none; }
    [data-shape='tall'] .big .title { font-size: 16px; }
    [data-shape='tall'] .about { display: none; }
    [data-shape='tall'] .deal { gap: 10px; padding-top: 8px; }
    [data-shape='tall'] .prices strong { font-size: 22px; }
    [data-shape='tall'] .buy { min-height: 44px; }
    [data-shape='tall'] .chips { flex-direction: row; overflow-x: auto; }
    [data-shape='tall'] .chip { flex: 1 1 0; min-width: 0; padding-right: 8px; }
  }
`;

/* Little height, as of a phone on its side or a player in a column: the card is one row, low enough for what stands at the
   top: picture, title and price, button. */
const small = css`
  @container mediad (max-height: 400px) {
    .shelf { gap: 6px; bottom: calc(54px + var(--bar, 0px) + var(--low)); }
    .big { grid-template-columns: 52px minmax(0, 1fr); gap: 10px; padding: 6px 8px 6px 6px; max-width: 420px; border-radius: min(14px, var(--card-radius)); }
    .big .pic { width: 52px; min-height: 52px; border-radius: min(9px, var(--card-radius)); }
    .big .facts { display: grid; grid-template: 'eyebrow buy' auto 'title buy' auto 'prices buy' auto / minmax(0, 1fr) auto; align-content: center; column-gap: 8px; padding: 0; }
    .big .deal { display: contents; }
    .big .eyebrow { grid-area: eyebrow; min-height: 15px; font-size: 11px; line-height: 15px; }
    .eyebrow .badge { line-height: 15px; font-size: 10px; padding: 0 6px; }
    .big .title { grid-area: title; align-self: end; -webkit-line-clamp: 1; margin: 0; font-size: 13.5px; line-height: 1.3; }
    .big .prices { grid-area: prices; align-self: start; flex-direction: row; align-items: baseline; gap: 6px; overflow: hidden; }
    .prices strong { font-size: 15px; }
    .was { margin: 0; font-size: 11px; }
    .deal .buy { grid-area: buy; align-self: center; padding: 0 13px; font-size: 13.5px; }
  }
  @container mediad (max-height: 300px) {
    .stage { --edge: 8px; }
    .top { right: calc(var(--edge) + 116px); min-height: 36px; }
    .unmute { height: 36px; padding: 0 12px 0 10px; font-size: 13px; gap: 6px; }
    .unmute::after { content: ''; position: absolute; inset: -8px; }
    .unmute svg { width: 18px; height: 18px; }
    .play { width: 52px; height: 52px; }
    .play svg { width: 26px; height: 26px; }
    .controls { min-height: 44px; flex-wrap: nowrap !important; }
    .stage[data-bar] { --bar: 0px; }
    .seek { flex: 1 1 60px; margin: 0 4px; order: 1; }
    .time { order: 2; padding: 0 4px; font-size: 12px; }
    .key.fill, .key.full { order: 3; }
    .controls:has(.seek) > :is(.space, .volume) { display: none; }
    .shelf { right: var(--edge); width: auto; bottom: calc(46px + var(--low)); }
    .board { top: calc(var(--edge) + 40px); }
    .words, .away { padding: 6px 12px 6px 10px; font-size: 13px; border-radius: 12px; }
    .words p { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
    .notice { gap: 4px; padding: 10px 16px; }
    .notice h2 { font-size: 17px; }
    .notice p { font-size: 13px; line-height: 1.3; }
    .medal { display: none; }
    .spinner { width: 30px; height: 30px; margin-bottom: 4px; }
    .dots { margin-bottom: 6px; }
    .replay { height: 44px; margin-top: 8px; font-size: 14px; }
  }
  @container mediad (max-height: 180px) {
    .big .eyebrow { display: none; }
    .big { grid-template-columns: 44px minmax(0, 1fr); padding: 2px 6px 2px 2px; }
    .big .pic { width: 44px; height: 44px; min-height: 0; }
    .big .facts { grid-template: 'title buy' auto 'prices buy' auto / minmax(0, 1fr) auto; }
    .notice .about-show { display: none; }
  }
  @container mediad (max-height: 150px) {
    .stage { --edge: 4px; }
    .top, .unmute { height: 32px; min-height: 0; }
    .controls { min-height: 36px; }
    .key { height: 36px; }
    .shelf { bottom: calc(37px + var(--low)); }
  }
  /* Hardly wider than the words of the button. */
  @container mediad (max-width: 300px) {
    .unmute { padding: 0 11px; }
    .unmute span { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
    .top { right: calc(var(--edge) + 52px); }
    .live small { display: none; }
    .was { display: none; }
    .notice { padding-inline: 8px; }
    .replay { padding: 0 14px 0 12px; font-size: 14px; white-space: nowrap; }
  }
  @container mediad (max-width: 240px) {
    .key { width: 36px; }
    .key.fill { display: none; }
  }
  @container mediad (max-width: 300px) and (min-height: 301px) {
    .big { grid-template-columns: 48px minmax(0, 1fr); gap: 8px; }
    .big .pic { width: 48px; min-height: 48px; }
    .big .title { -webkit-line-clamp: 1; font-size: 14px; }
    .chips { display: none; }
  }
`;

const motion = css`
  @keyframes arrive { from { opacity: 0; transform: translateY(26px) scale(0.97); } }
  @keyframes leave { to { opacity: 0; transform: translateY(14px) scale(0.97); } }
  @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
  @keyframes drop { from { opacity: 0; transform: translateY(-14px); } }
  @keyframes appear { from { opacity: 0; } }
  @keyframes breathe { 50% { opacity: 0.35; } }
  @keyframes turn { to { transform: rotate(1turn); } }
  @keyframes hop { 0%, 60%, 100% { transform: none; opacity: 0.55; } 30% { transform: translateY(-8px); opacity: 1; } }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
    .spinner { animation-duration: 2.4s !important; animation-iteration-count: infinite !important; }
  }
`;

export const styles = [base, stage, notices, boards, cards, keys, layouts, small, motion];
