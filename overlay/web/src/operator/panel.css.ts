import { css } from 'lit';

export const styles = css`
  /* The component library wears the colours of the page. */
  .panel {
    --wa-color-brand-fill-loud: var(--accent); --wa-color-brand-on-loud: var(--on-accent); --wa-color-focus: var(--accent);
    --wa-color-surface-default: var(--sheet); --wa-color-surface-border: var(--line); --wa-color-text-normal: var(--ink); --wa-color-text-quiet: var(--soft);
    --wa-font-family-body: inherit; --wa-form-control-border-color: var(--soft); --wa-form-control-background-color: var(--ground); --wa-form-control-height: 44px;
    --wa-form-control-required-content: ''; --wa-form-control-required-content-offset: 0;
    --chart-ink: var(--price); --chart-soft: var(--soft); --chart-line: var(--line);
    color: var(--ink); display: grid; gap: 14px; padding: 14px 18px 18px; border-radius: 18px; background: var(--sheet); box-shadow: 0 0 0 1px var(--line);
  }
  :host { display: block; margin-top: 16px; }
  h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; list-style: none; font: inherit; }
  h2 { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 44px; font-size: 18px; font-weight: 700; letter-spacing: -0.01em; }
  h3 { font-size: 14px; font-weight: 650; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .ask { display: flex; flex-wrap: wrap; align-items: end; gap: 10px; }
  .ask p { flex: 1 0 100%; color: var(--soft); }
  .ask wa-input { flex: 1 1 220px; min-width: 0; }
  wa-callout { font-size: 15px; }
  wa-callout ul { display: grid; gap: 6px; margin-top: 6px; font-weight: 400; overflow-wrap: anywhere; }
  wa-callout .bad, wa-callout .good-news { font-weight: 650; }
  .charts { display: grid; align-items: end; gap: 14px 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); }
  figcaption { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 10px; font-size: 13px; line-height: 1.35; color: var(--soft); }
  figcaption span { white-space: nowrap; }
  figcaption strong { flex: none; font-size: 15px; font-weight: 650; color: var(--ink); font-variant-numeric: tabular-nums; }
  /* Two numbers beside each other on a phone, as many as there is room for elsewhere. */
  .figures { display: grid; gap: 8px 18px; grid-template-columns: repeat(auto-fill, minmax(min(46%, 132px), 1fr)); }
  @media (min-width: 720px) { .figures { grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); } }
  .figures > :last-child { grid-column: span 2; } /* encoders have long names */
  dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
  dd { font-weight: 600; line-height: 1.35; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
  wa-details { --spacing: 12px; }
  wa-details::part(summary) { font-weight: 650; font-size: 14px; }
  .events { display: grid; gap: 4px; margin-top: 6px; font-size: 14px; }
  .events li { overflow-wrap: anywhere; }
  .events time { margin-inline-end: 6px; color: var(--soft); font-variant-numeric: tabular-nums; }
`;
