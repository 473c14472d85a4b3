/** Styles of a poll, inside the player. It stands at the upper edge, where neither card nor controls are. */
export const style = `.poll{inset-inline-start:var(--edge);top:var(--poll,64px);z-index:2;width:min(330px,100% - 2*var(--edge));display:none;pointer-events:none}
:is([data-phase=live],[data-phase=replay],[data-phase=interrupted]):not([data-pocket])>.poll{display:block}
.frame[data-mini] .poll{display:none!important}.stage[data-poll] .shelf{visibility:hidden}.poll [hidden]{display:none}
.poll-chip{pointer-events:auto;max-width:100%;height:44px;padding:0 16px;border-radius:22px;background:rgb(10 10 14/.8);font-weight:650;font-size:14px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.poll-box{pointer-events:auto;max-height:var(--tall,none);overflow-y:auto;padding:6px 12px 10px;border-radius:var(--card-radius);background:var(--glass);color:var(--ink);box-shadow:0 10px 36px rgb(0 0 0/.3),inset 0 0 0 1px rgb(255 255 255/.14);animation:drop .4s both}
.poll-box header{display:flex;gap:4px;align-items:center}.poll-box h2{flex:1;min-width:0;font-size:15px;line-height:1.3;font-weight:700;overflow-wrap:anywhere}
.poll-box header button{flex:none;width:44px;height:44px;margin-inline-end:-10px;color:var(--soft);font-size:22px;line-height:1}
.poll-box :focus-visible{outline-color:var(--ink);outline-offset:-2px;box-shadow:none}
.poll-list{display:grid;gap:6px}.poll-list>*{position:relative;display:flex;align-items:center;gap:8px;min-height:44px;padding:4px 12px;border-radius:12px;overflow:hidden;text-align:start;font-size:14.5px;font-weight:600;line-height:1.25;box-shadow:inset 0 0 0 1px var(--rim);isolation:isolate}
.poll-list .own{box-shadow:inset 0 0 0 2px var(--price)}
.poll-list>::before{content:'';position:absolute;inset-block:0;inset-inline-start:0;z-index:-1;width:var(--part,0);background:color-mix(in srgb,var(--accent) 38%,transparent);transition:width .5s}
.poll-list span{flex:1;min-width:0;overflow-wrap:anywhere}.poll-list b{font-variant-numeric:tabular-nums}.own span::after{content:' ✓'}
.poll-foot{display:flex;gap:4px 12px;flex-wrap:wrap;margin-top:6px;font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums}.poll-foot>:first-child{flex:1}
@container mediad (max-height:520px){.poll{width:min(440px,100% - 2*var(--edge))}.poll-list{grid-template-columns:1fr 1fr}.poll-box{padding-top:0;padding-bottom:6px}.poll-foot{margin-top:2px}}
@container mediad (max-height:150px){.poll{display:none!important}}`;
