/** Styles of what viewers do together, inside the player. */
export const style = `.love{flex-direction:column;align-items:flex-end;gap:8px;inset-inline-end:var(--edge);bottom:var(--above,72px);z-index:1;display:none;pointer-events:none}
:is([data-phase=live],[data-phase=replay],[data-phase=interrupted]):not([data-pocket])>.love:not([hidden]){display:flex}
.frame[data-mini] :is(.love,.rain){display:none!important}
.like{pointer-events:auto;display:flex;align-items:center;justify-content:center;gap:6px;min-width:44px;height:44px;padding:0 11px;border-radius:22px;background:rgb(10 10 14/.62);font-size:13px;font-weight:650;font-variant-numeric:tabular-nums;touch-action:manipulation;transition:transform .15s}
.love[data-low] .share{display:none}.like:active{transform:scale(.92)}.like b:empty{display:none}.like b{font:inherit;unicode-bidi:isolate}
@media (hover:hover){.like:hover{background:rgb(10 10 14/.8)}}
.love svg,.rain svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.like[data-liked] svg{fill:#ff4d67;stroke:#ff4d67}.rain svg{fill:currentColor;stroke:rgb(0 0 0/.25);stroke-width:1}
.rain{inset:0;overflow:hidden;pointer-events:none;contain:strict;z-index:1}
.rain i{position:absolute;right:calc(var(--edge) + 11px);top:calc(100% - var(--above,72px) - 36px);animation:love var(--long) ease-out both;will-change:transform,opacity}
.stage:dir(rtl)>.rain i{right:auto;left:calc(var(--edge) + 11px)}
@keyframes love{0%{opacity:0;transform:translate(-50%,0) scale(.5)}15%{opacity:1;transform:translate(-50%,-20px) scale(1.15)}100%{opacity:0;transform:translate(calc(-50% + var(--x)),max(-190px,-42cqh)) rotate(var(--turn)) scale(1)}}
@media (prefers-reduced-motion:reduce){.rain{display:none}.like{transition:none}}
@container mediad (max-height:180px){.love,.rain{display:none!important}}`;
