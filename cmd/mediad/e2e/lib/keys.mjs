// Whether all that a click can do on a page can be done by keys, too: in the state at hand, shadow roots included, without a list of pages.
//
// Whatever reacts to a click is reached by Tab and shows that it has the focus. That is each native control, each element with a listener
// for clicks, and each that looks as if one could press it. A container may listen for the controls inside it. Names are axe's part,
// except for elements that are no native controls.

const clicks = ['click', 'dblclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart', 'touchend'];
const typing = ['keydown', 'keyup', 'keypress'];

// What only a pointer needs, around what, and the control there that does the same by keys.
const stands = [
  ['.grip', 'li', '.pick'], // the dock: Alt and an arrow on the row
  ['.grab', 'li', 'button'], // the finder of a show: the button puts it into the line-up, where its grip has keys
  ['[role=option]', 'dialog', '[role=combobox]'], // the search: the arrows and Enter in its field
  ['.tap', ':host', ':host'], // the picture: K or the space bar on the player around it
];

/** What keys cannot do, as lines. Only Chromium tells who listens: elsewhere there are none. */
export async function keyless(page) {
  if (page.context().browser()?.browserType().name() !== 'chromium') return [];
  const cdp = await page.context().newCDPSession(page);
  try {
    await noteListeners(cdp);
    const found = await page.evaluate(inspect, { clicks, typing, stands, marked: [...marked] });
    const names = await nameless(cdp, found.own);
    const bare = found.kinds.length ? await unmarked(page, cdp, found.kinds.length) : [];
    if (!bare.length) for (const kind of found.kinds) marked.add(kind);
    return [...found.lines, ...names, ...bare];
  } finally {
    await cdp.detach();
  }
}

const marked = new Set(); // kinds of elements that have shown their focus: they are not asked again in the next state of a page

const objectOf = async (cdp, expression) => (await cdp.send('Runtime.evaluate', { expression })).result.objectId;

/** Puts into the page who listens to what, in window.listens. Frames keep what is theirs. */
async function noteListeners(cdp) {
  const { listeners } = await cdp.send('DOMDebugger.getEventListeners', { objectId: await objectOf(cdp, 'document'), depth: -1, pierce: true });
  const types = new Map();
  for (const { backendNodeId, type } of listeners) if ([...clicks, ...typing].includes(type)) types.set(backendNodeId, [...(types.get(backendNodeId) ?? []), type]);
  await Promise.all([...types].map(async ([backendNodeId, value]) => {
    const { object } = await cdp.send('DOM.resolveNode', { backendNodeId });
    await cdp.send('Runtime.callFunctionOn', { objectId: object.objectId, functionDeclaration: 'function (t) { (globalThis.listens ??= new Map()).set(this, t); }', arguments: [{ value }] });
  }));
}

/** In the page: what is not reached, how many elements are controls of the page's own, and which kinds have to show their focus. */
function inspect({ clicks, typing, stands, marked }) {
  const listens = window.listens ?? new Map();
  delete window.listens;
  const hears = (e, types) => listens.get(e)?.some((t) => types.includes(t));
  const roots = [document];
  const all = [];
  for (const root of roots) for (const e of root.querySelectorAll('*')) { all.push(e); if (e.shadowRoot) roots.push(e.shadowRoot); }
  const up = (e) => e.assignedSlot ?? e.parentElement ?? e.getRootNode().host;
  const line = (e) => { const of = []; for (let x = e; x; x = up(x)) of.push(x); return of; };
  const modal = document.querySelector('dialog:modal');
  const there = (e) => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || !e.checkVisibility({ visibilityProperty: true }) || e.matches(':disabled')) return false;
    const above = line(e);
    return !above.some((x) => x.inert) && (!modal || above.includes(modal));
  };
  const native = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true]';
  const tabbed = (e) => e.tabIndex >= 0 && !line(e).slice(1).some((x) => x.shadowRoot && x.getAttribute('tabindex') === '-1');
  const group = '[role=radiogroup], [role=tablist], [role=toolbar], [role=listbox], [role=menu], [role=grid], [role=tree]';
  const roves = (e) => [...(e.closest(group)?.querySelectorAll('*') ?? [])].some((x) => x.tabIndex === 0 && there(x));
  const replaced = (e) => stands.some(([what, around, by]) => e.matches(what)
    && (around === ':host' ? [e.getRootNode().host] : [...(e.closest(around)?.querySelectorAll(by) ?? [])]).some((x) => x && x !== e && tabbed(x)));
  const short = (e) => `${e.getRootNode().host?.localName ?? ''} ${e.cloneNode(false).outerHTML.replace(/<\/.*/, '').slice(0, 120)} ${e.textContent.trim().replace(/\s+/g, ' ').slice(0, 30)}`.trim();

  const lines = [];
  const focusable = [];
  const own = [];
  for (const e of all) {
    if (!e.matches(native) && !(e.hasAttribute('tabindex') && e.tabIndex >= 0)) continue;
    if (!there(e)) continue;
    if (tabbed(e) || roves(e)) focusable.push(e);
    else if (!replaced(e)) lines.push(`keys: Tab does not reach ${short(e)}`);
  }
  const holders = new Set(focusable.flatMap(line)); // the controls, and all around them
  for (const e of all) {
    if (e.matches(native)) continue;
    const heard = hears(e, clicks) && getComputedStyle(e).pointerEvents !== 'none';
    const cursor = !heard && e.namespaceURI.endsWith('xhtml') && getComputedStyle(e).cursor === 'pointer' && up(e) && getComputedStyle(up(e)).cursor !== 'pointer';
    if (!heard && !cursor) continue;
    if (e.control || line(e).slice(1).some((x) => x.matches(native) || x.control)) continue;
    if (focusable.includes(e)) {
      if (!heard) continue;
      own.push(e);
      if (!line(e).some((x) => hears(x, typing))) lines.push(`keys: no key works ${short(e)}`);
    } else if (!holders.has(e) && there(e) && !replaced(e)) lines.push(`keys: ${heard ? `who has no mouse cannot press` : 'it looks as if one could press'} ${short(e)}`);
  }
  // One of each kind has to show its focus: a list has hundreds of the same.
  const page = `${location.pathname} ${matchMedia('(prefers-color-scheme: dark)').matches} `;
  const kind = (e) => page + line(e).slice(0, 4).map((x) => `${x.localName}.${x.className}.${x.type ?? ''}`).join();
  const found = new Map(focusable.map((e) => [kind(e), e]));
  for (const done of marked) found.delete(done);
  const kinds = [...found.values()];
  let on = document.activeElement;
  while (on?.shadowRoot?.activeElement) on = on.shadowRoot.activeElement;
  const look = (e) => [e, e.nextElementSibling, e.parentElement, e.closest('label')].filter(Boolean).flatMap((x) => ['', '::before', '::after'].map((p) => {
    for (const a of x.getAnimations()) if (a.constructor.name === 'CSSTransition') a.finish();
    const s = getComputedStyle(x, p || null);
    return [s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && !/^rgba.*, 0\)$/.test(s.outlineColor) ? s.outline : '', s.boxShadow === 'none' ? '' : s.boxShadow];
  }));
  window.keys = { own, kinds, short, look, before: kinds.map((e) => (e === on || line(on ?? e).includes(e) ? [] : look(e))) };
  return { lines, own: own.length, kinds: [...found.keys()] };
}

/** Elements that are no native controls need a role and a name. */
async function nameless(cdp, count) {
  const lines = await Promise.all(Array.from({ length: count }, async (_, i) => {
    const { nodes: [node] } = await cdp.send('Accessibility.getPartialAXTree', { objectId: await objectOf(cdp, `keys.own[${i}]`), fetchRelatives: false });
    return node.role?.value === 'generic' || !node.name?.value ? (await cdp.send('Runtime.evaluate', { expression: `'keys: no role, or no name: ' + keys.short(keys.own[${i}])` })).result.value : '';
  }));
  return lines.filter(Boolean);
}

/** What does not show that it has the focus of the keyboard. Nothing gets the focus for that, as pages act on it. */
async function unmarked(page, cdp, count) {
  await cdp.send('DOM.enable');
  await cdp.send('DOM.getDocument', { depth: 0 });
  await cdp.send('CSS.enable');
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const { nodeId } = await cdp.send('DOM.requestNode', { objectId: await objectOf(cdp, `keys.kinds[${i}]`) });
    await cdp.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: ['focus', 'focus-visible'] });
  }));
  return page.evaluate(() => {
    const { kinds, before, look, short } = window.keys;
    delete window.keys;
    const bare = (e, i) => e.isConnected && look(e).flat().every((mark, n) => !mark || mark === before[i].flat()[n]);
    return kinds.filter(bare).map((e) => `keys: nothing shows the focus on ${short(e)}`);
  });
}
