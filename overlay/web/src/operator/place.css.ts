import { css } from 'lit';

/** Where the panel stands beside the picture; elsewhere it is a line below it. */
export const besideThePicture = '(min-width: 1100px) and (min-height: 541px)';

/**
 * The place of the panel on the watch page. Only operators load these rules. The picture gives way to the open sheet, so that both
 * are seen at once.
 */
export const place = css`
  main:has(> .operator) { --bar: calc(60px + env(safe-area-inset-bottom, 0px)); --sheet-height: 62vh; --sheet-height: 62svh; padding-bottom: var(--bar); }
  main > .operator { position: fixed; inset: auto 0 0; z-index: 10; max-height: var(--sheet-height); }
  main:has(> .operator) > .show > mediad-player { height: calc(100vh - var(--head) - var(--bar)); height: calc(100svh - var(--head) - var(--bar)); }
  main:has(> .operator[open]) { padding-bottom: var(--sheet-height); }
  main:has(> .operator[open]) > .show > mediad-player { height: calc(38vh - var(--head)); height: calc(38svh - var(--head)); min-height: 0; }

  @media (min-width: 720px) { main:has(> .operator) { --bar: 72px; } } /* the picture has a margin here */

  /* A phone on its side: the sheet lies beside the picture. */
  @media (orientation: landscape) and (max-height: 540px) {
    main:has(> .operator) { --bar: 48px; --head: 48px; }
    main:has(> .operator) > .show > mediad-player, main:has(> .operator[open]) > .show > mediad-player { height: calc(100vh - 48px - var(--bar)); height: calc(100svh - 48px - var(--bar)); }
    main:has(> .operator[open]) { --bar: 0px; }
    main > .operator[open] { inset: 0 0 0 54%; max-height: none; }
    main:has(> .operator[open]) > .show { margin-inline-end: 46%; }
    main:has(> .operator[open]) { padding-bottom: 0; }
  }

  @media (min-width: 1100px) and (min-height: 541px) {
    main:has(> .operator) { --tall: clamp(420px, calc(100svh - var(--head) - 92px), 860px); display: grid; grid-template-columns: minmax(0, 1fr) 400px; align-items: start; gap: 0 20px; max-width: 1760px; margin: 0 auto; padding: 0 24px 0 0; }
    body:has(> main > .operator) > .head > .bar { max-width: 1760px; }
    main > .operator { position: sticky; inset: calc(var(--head) + 4px) auto auto; max-height: var(--tall); margin-top: 4px; }
    main:has(> .operator) > .show { width: 100%; max-width: none; padding-inline-end: 0; }
    main:has(> .operator) > .show > mediad-player, main:has(> .operator[open]) > .show > mediad-player { height: var(--tall); }
    main:has(> .operator) > .below { grid-column: 1 / -1; width: 100%; max-width: none; padding-inline-end: 0; }
  }
`;
