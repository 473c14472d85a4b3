import { css } from 'lit';

/** What the component library takes from the page: its colours. */
const library = css`
  .panel {
    --wa-color-brand-fill-loud: var(--accent); --wa-color-brand-on-loud: var(--on-accent); --wa-color-focus: var(--focus);
    --wa-color-surface-default: var(--sheet); --wa-color-surface-border: var(--line); --wa-color-text-normal: var(--ink); --wa-color-text-quiet: var(--soft);
    --wa-font-family-body: inherit; --wa-form-control-border-color: var(--soft); --wa-form-control-background-color: var(--ground); --wa-form-control-height: 44px;
    --wa-form-control-required-content: ''; --wa-form-control-required-content-offset: 0;
    --wa-color-neutral-on-quiet: var(--ink); --chart-ink: var(--price); --chart-soft: var(--soft); --chart-line: var(--line);
  }
  wa-callout { font-size: 15px; }
  wa-callout ul { display: grid; gap: 6px; margin-top: 6px; font-weight: 400; overflow-wrap: anywhere; }
  wa-callout .bad { font-weight: 650; }
`;

/** A sheet whose line stays while its body scrolls. */
const frame = css`
  :host { display: flex; }
  .panel { flex: 1; display: flex; flex-direction: column; min-width: 0; overflow: hidden; border-radius: 18px 18px 0 0; background: var(--sheet); color: var(--ink); box-shadow: 0 0 0 1px var(--line), 0 -8px 30px rgb(0 0 0 / 0.18); }
  .body { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 16px; padding: 4px 16px calc(18px + env(safe-area-inset-bottom, 0px)); }
  .body[hidden] { display: none; }
  h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; list-style: none; font: inherit; }
  h3 { font-size: 14px; font-weight: 650; color: var(--soft); }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
  @media (min-width: 1100px) and (min-height: 541px) {
    .panel { border-radius: 18px; box-shadow: 0 0 0 1px var(--line); }
  }
`;

const line = css`
  .status { flex: none; }
  .bar { box-sizing: border-box; display: flex; align-items: center; gap: 10px; width: 100%; min-height: 60px; padding: 6px 16px calc(6px + env(safe-area-inset-bottom, 0px)); border: 0; background: none; color: inherit; font: inherit; text-align: start; }
  :host([open]) .bar { padding-bottom: 6px; }
  button.bar { cursor: pointer; }
  .lines { flex: 1; min-width: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1px; }
  .line { display: flex; align-items: baseline; gap: 0 12px; min-width: 0; font-size: 13px; line-height: 1.45; color: var(--soft); white-space: nowrap; }
  .first { font-size: 15px; color: var(--ink); font-variant-numeric: tabular-nums; }
  .state { display: inline-flex; align-items: center; gap: 6px; font-weight: 700; }
  .state::before { content: ''; width: 9px; height: 9px; border-radius: 50%; background: var(--soft); }
  .state[data-state='live']::before { background: #e02d3c; }
  .state[data-state='away']::before { background: #d98200; }
  .how { flex: none; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
  .how.bad { font-weight: 650; color: var(--price); }
  .shown { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .arrow { flex: none; width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  [aria-expanded='true'] .arrow { transform: rotate(180deg); }
  @media (orientation: landscape) and (max-height: 540px) { .bar, :host([open]) .bar { min-height: 48px; padding-block: 3px; } }
`;

const rows = css`
  .none { color: var(--soft); margin-top: 4px; }
  .rows { margin-top: 2px; }
  .rows li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; min-height: 56px; padding: 6px 0; border-bottom: 1px solid var(--line); }
  .rows li:last-child { border-bottom: 0; }
  .pic { position: relative; flex: none; display: grid; place-items: center; width: 44px; height: 44px; overflow: hidden; border-radius: 10px; background: var(--line); color: var(--soft); font-size: 18px; font-weight: 650; }
  .pic img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
  .when { flex: none; min-width: 88px; display: grid; line-height: 1.35; }
  .left { font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .what { flex: 1 1 120px; min-width: 0; display: grid; line-height: 1.35; }
  .name { font-weight: 600; overflow-wrap: anywhere; }
  .more { font-size: 13px; color: var(--soft); font-variant-numeric: tabular-nums; }
  .acts { flex: none; display: flex; gap: 8px; margin-inline-start: auto; }
  .rows .bad, .rows + .bad { flex: 1 0 100%; font-size: 14px; font-weight: 600; color: var(--price); }
  .forget { justify-self: start; }
  .ask { display: flex; flex-wrap: wrap; align-items: end; gap: 10px; }
  .ask p { flex: 1 0 100%; color: var(--soft); }
  :is(.ask, .dock) a { display: inline-block; margin-block: -13px; padding-block: 13px; color: var(--price); font-weight: 600; }
  .ask wa-input { flex: 1 1 220px; min-width: 0; }
`;

const numbers = css`
  .gathering { display: grid; place-items: center; height: 104px; border: 1px dashed var(--line); border-radius: 12px; font-size: 14px; color: var(--soft); }
  .charts { display: grid; align-items: end; gap: 14px 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); }
  figcaption { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 10px; font-size: 13px; line-height: 1.35; color: var(--soft); }
  figcaption span { white-space: nowrap; }
  figcaption strong { flex: none; font-size: 15px; font-weight: 650; color: var(--ink); font-variant-numeric: tabular-nums; }
  summary { display: flex; align-items: center; gap: 8px; min-height: 44px; width: fit-content; font-size: 14px; font-weight: 650; color: var(--soft); cursor: pointer; }
  summary::marker { content: ''; }
  summary::after { content: ''; width: 7px; height: 7px; margin-top: -3px; border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(45deg); }
  [open] > summary::after { transform: translateY(3px) rotate(225deg); }
  /* Two numbers beside each other on a phone, as many as there is room for elsewhere. */
  .figures { display: grid; gap: 8px 18px; grid-template-columns: repeat(auto-fill, minmax(min(46%, 132px), 1fr)); }
  .figures > :last-child { grid-column: span 2; } /* encoders have long names */
  dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
  dd { font-weight: 600; line-height: 1.35; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
  .clicks { font-weight: 600; }
  .events { display: grid; gap: 4px; margin-top: 6px; font-size: 14px; }
  .events li { overflow-wrap: anywhere; }
  .events time { margin-inline-end: 6px; color: var(--soft); font-variant-numeric: tabular-nums; }
`;

export const styles = [library, frame, line, rows, numbers];
