// Photographs the pages, each state at several widths, light and dark, in English and Chinese: for those who work on them.
//
//   node pictures.mjs FOLDER [STATE...]      all states without a STATE; a STATE is the begin of a name
//   VARIANTS=1280-en-light,390-zh-dark       these variants alone
import { mkdirSync } from 'node:fs';
import { launch } from './lib/browser.mjs';
import { endAll, ends } from './lib/ending.mjs';
import { evening, owner } from './lib/evening.mjs';
import { sleep } from './lib/mediad.mjs';

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) throw new Error('node pictures.mjs FOLDER [STATE...]');
mkdirSync(folder, { recursive: true });

const variants = ['en-GB', 'zh-CN'].flatMap((locale) => ['light', 'dark'].flatMap((colorScheme) => [390, 1280].map((width) => ({ locale, colorScheme, width }))));

try {
  await photograph();
} finally {
  await endAll();
}

async function photograph() {
  const t = await evening();
  const { m } = t;
  const browser = ends(await launch());
  const who = await browser.newContext();
  const signed = await who.request.post(`${m.http}/api/v1/session`, { data: owner });
  if (!signed.ok()) throw new Error(await signed.text());
  const session = await who.storageState();
  const order = (await t.api('GET', '/orders')).items;
  const shirt = await t.api('GET', '/products/SHIRT');

  const studio = (route, then) => ({ path: `/studio#/${route}`, signed: true, then });
  const tap = (selector) => async (page) => { await page.locator(selector).first().click({ timeout: 4000 }); };

  const searched = (text) => async (page) => {
    await page.click('.seek');
    await page.waitForSelector('dialog.search[open]');
    if (!text) return;
    await page.keyboard.type(text);
    await page.waitForSelector('.search .hit, .search .nothing');
  };

  let chatted = false;
  /** Some comments in the show on air, once. */
  const chatting = async () => {
    if (chatted) return;
    chatted = true;
    const write = (viewer, name, text) => fetch(`${m.http}/c/${t.live}/chat`, { method: 'POST', body: JSON.stringify({ viewer: viewer.repeat(16), name, text, at: Date.now() / 1000 }) });
    await write('a', '小美', '这个玉米甜吗？');
    await write('b', 'Otto', 'I had the tea last week, and will take two more for my parents.');
    const { items: [, asked] } = await t.api('GET', `/shows/${t.live}/chat`);
    const said = await t.api('POST', `/shows/${t.live}/chat`, { text: '很甜，今天早上刚摘的！', reply_to: asked.id });
    await t.api('PUT', `/shows/${t.live}/chat/${said.id}/pin`);
    await write('c', 'Layla', 'متى يبدأ العرض القادم؟');
  };

  /** What is photographed, by its name. `then` goes on from the page to the state; `widths` beside 390 and 1280. */
  const states = {
    'studio-home': studio('home'),
    'studio-menu': studio('home', async (page) => { if (await page.locator('.nav .rest').isVisible()) await page.click('.nav .rest'); }),
    'studio-rooms': studio('rooms'),
    'studio-room-on-air': studio('rooms/demo'),
    'studio-room-in-trouble': studio('rooms/hill-farm'),
    'studio-room-idle': studio('rooms/tea-house'),
    'studio-shows': studio('shows'),
    'studio-show-live': studio(`shows/${t.live}`),
    'studio-show-planned': studio(`shows/${t.planned}`),
    'studio-show-empty': studio(`shows/${t.empty}`),
    'studio-show-over': studio(`shows/${t.over}`),
    'studio-catalogue': studio('catalogue'),
    'studio-product': studio(`catalogue/p/${shirt.id}`),
    'studio-import-look': studio('catalogue/import', async (page) => {
      await page.fill('catalogue-intake textarea', 'HONEY\tAcacia honey\t61\thttps://shop.example/honey\nCORN-5KG\tSweet corn 5 kg\t9.95\thttps://shop.example/corn\nPEARS\tPears\t20\thttps://shop.example/pears\nBAD\tNo price\tsoon\t');
      await page.click('catalogue-intake .loud');
      await page.waitForSelector('.counts');
    }),
    'studio-imports': studio('catalogue/import'),
    'studio-product-new': studio('catalogue/new'),
    'studio-product-gone': studio('catalogue/p/01UNKNOWN'),
    'studio-catalogue-nothing': studio('catalogue', async (page) => { await page.fill('#find', 'porcelain'); await sleep(0.8); }),
    'studio-catalogue-chosen': studio('catalogue', async (page) => { await page.locator('tbody .tick input').first().check(); await page.locator('catalogue-bulk [aria-expanded]').first().click(); }),
    'studio-orders-nothing': studio('orders', async (page) => { await page.fill('[name=q]', '77777'); await sleep(0.8); }),
    'studio-line-form': studio(`shows/${t.live}`, tap('.run .details')),
    'studio-end-asked': studio(`shows/${t.live}`, tap('.ending button')),
    'studio-undo': studio(`shows/${t.planned}`, async (page) => {
      await page.locator('.run .grip').first().focus();
      await page.keyboard.press('Alt+End');
      await page.waitForSelector('.told');
    }),
    'studio-lost': studio('orders', async (page) => {
      await page.route('**/api/**', (route) => route.abort());
      await page.evaluate(() => (location.hash = '#/people'));
      await page.waitForSelector('.trouble');
    }),
    'studio-ended': studio('orders', async (page) => {
      await page.context().clearCookies();
      await page.evaluate(() => (location.hash = '#/people'));
      await page.waitForSelector('.gate');
    }),
    'studio-invited': studio('people', async (page) => { await page.locator('.anew').first().click(); await page.waitForSelector('.made'); }),
    'studio-orders': studio('orders'),
    'studio-order': studio(`orders/${order.find((o) => o.show)?.id ?? order[0].id}`),
    'studio-reports': studio('reports'),
    'studio-reports-products': studio('reports/product'),
    'studio-reports-sellers': studio('reports/org'),
    'studio-reports-commission': studio('reports/commission'),
    'studio-reports-statement': studio(`reports/commission/${t.host}`),
    'studio-reports-none': studio('reports/show/2026-01-01/2026-01-02'),
    'studio-replays': studio('replays'),
    'studio-shops': studio('shops'),
    'studio-shop': studio(`shops/${t.shop}`),
    'studio-shop-numbers': studio(`shops/${t.shopify}`, async (page) => { await page.fill('shop-listings textarea', 'SHIRT-M\t44512398712041\nSHIRT-L\tsoon\nSHIRT\t44512398712000\nTEA-100\t44512398744809\nNOPE\t1'); }),
    'studio-webhooks': studio('webhooks'),
    'studio-usage': studio('usage'),
    'studio-people': studio('people'),
    'studio-tokens': studio('tokens'),
    'studio-audit': studio('audit'),
    'studio-privacy': studio('privacy'),
    'studio-settings': studio('settings'),
    'studio-account': studio('account'),
    'studio-signin': { path: '/studio' },
    'studio-setup': { path: '/studio#setup=mediad_a-token-for-pictures' },
    'studio-search': studio('rooms', searched('tea')),
    'studio-search-empty': studio('rooms', searched('')),
    'studio-search-nothing': studio('rooms', searched('porcelain')),
    'studio-unknown': studio('shows/01UNKNOWN'),
    'dock-live': { path: '/dock/demo', signed: true, widths: [320, 340, 700] },
    'dock-search': { path: '/dock/demo', signed: true, then: async (page) => { await page.keyboard.press('/'); await page.keyboard.type('honey'); } },
    'dock-found-none': { path: '/dock/demo', signed: true, then: async (page) => { await page.keyboard.press('/'); await page.keyboard.type('melon'); await page.waitForSelector('.run .empty p'); } },
    'dock-row': { path: '/dock/demo', signed: true, widths: [340], then: (page) => page.locator('.rows li:nth-child(3) :is(.menu, .price):visible').first().click() },
    'dock-help': { path: '/dock/demo', signed: true, then: (page) => page.keyboard.press('?') },
    'dock-before': { path: '/dock/tea-house', signed: true, widths: [320, 700] },
    'dock-no-show': { path: '/dock/dairy', signed: true },
    'dock-gate': { path: '/dock/demo' },
    'watch-live': { path: '/watch/demo', player: true, widths: [320] },
    'watch-pocket': { path: '/watch/demo', player: true, then: tap('mediad-player .key.bag') },
    'watch-before': { path: '/watch/tea-house', player: true },
    'watch-nothing': { path: '/watch/dairy', player: true },
    'watch-replay': { path: `/watch/demo?show=${t.over}`, player: true },
    'watch-planned': { path: `/watch/tea-house?show=${t.planned}`, player: true },
    'watch-unknown': { path: '/watch/nobody' },
    'watch-unknown-show': { path: '/watch/demo?show=01UNKNOWN', player: true },
    'watch-chat': { path: '/watch/demo', player: true, widths: [320], then: async (page) => { await chatting(); await page.locator('mediad-talk .pill:visible').click({ timeout: 3000 }).catch(() => {}); await sleep(1); } },
    'dock-chat': { path: '/dock/demo', signed: true, widths: [320, 700], then: async (page) => { await chatting(); await page.locator('.chat-line').first().click({ timeout: 4000 }); await page.locator('.chat').scrollIntoViewIfNeeded(); } },
    'embed-live': { path: '/embed/demo', player: true },
    'operator-panel': { path: '/watch/demo?operator=1', signed: true, player: true },
    'studio-import-done': studio('catalogue/import', async (page) => { // the last of all: it adds a product
      await page.fill('catalogue-intake textarea', `PEARS-${Date.now()}\tPears\t20\thttps://shop.example/pears\nBAD\tNo price\tsoon\t`);
      await page.click('catalogue-intake .loud');
      await page.click('.apply .loud');
      await page.waitForSelector('.done a.loud');
    }),
  };

  /** The states behind a change of the room on air, in this order. */
  const changes = [
    {
      change: async () => {
        await t.api('POST', `/shows/${t.live}/offers`, { product: 'SHIRT', price: 12900, countdown: 10, duration: 1200, limit_total: 50, code: 'TONIGHT' });
        await sleep(12);
      },
      states: {
        'dock-offer': { path: '/dock/demo', signed: true, widths: [340] },
        'watch-offer': { path: '/watch/demo', player: true },
        'watch-offer-pocket': { path: '/watch/demo', player: true, then: tap('mediad-player .key.bag') },
      },
    },
    { change: () => t.publisher.kill(), states: { 'dock-away': { path: '/dock/demo', signed: true }, 'watch-away': { path: '/watch/demo', player: true }, 'studio-paused-show': studio(`shows/${t.live}`), 'studio-paused-rooms': studio('rooms'), 'studio-paused-room': studio('rooms/demo') } },
    { change: () => t.api('POST', '/rooms/demo/end'), states: { 'dock-ended': { path: '/dock/demo', signed: true }, 'watch-ended': { path: '/watch/demo', player: true }, 'studio-room-ended': studio('rooms/demo') } },
  ];

  let failed = 0;

  /** Photographs a state in all its variants. */
  async function take(name, state) {
    for (const v of [...variants, ...(state.widths ?? []).map((width) => ({ locale: 'en-GB', colorScheme: 'light', width }))]) {
      const variant = `${v.width}-${v.locale.slice(0, 2)}-${v.colorScheme}`;
      if (process.env.VARIANTS && !process.env.VARIANTS.split(',').includes(variant)) continue;
      const context = await browser.newContext({
        locale: v.locale, colorScheme: v.colorScheme, viewport: { width: v.width, height: v.width < 700 ? 844 : 860 }, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce',
        ...(state.signed ? { storageState: session } : {}),
      });
      const page = await context.newPage();
      try {
        await page.goto(m.http + state.path);
        await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => {}); // a live page is never idle
        if (state.player) await sleep(2.5); // until the picture and its card are there
        await state.then?.(page);
        // As tall as the page: what is loaded when it is seen is there, and what stands at the window's edge stands at the page's.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        if (!state.player && height > page.viewportSize().height) await page.setViewportSize({ width: v.width, height: Math.min(height, 5000) });
        await sleep(0.4);
        await page.screenshot({ path: `${folder}/${name}-${variant}.png`, fullPage: true });
      } catch (err) {
        failed++;
        console.error(`${name} ${variant}: ${String(err).split('\n')[0]}`);
      }
      await context.close();
    }
    console.log(name);
  }

  const asked = (name) => !wanted.length || wanted.some((w) => name.startsWith(w));
  for (const [name, state] of Object.entries(states)) if (asked(name)) await take(name, state);
  for (const { change, states } of changes) {
    if (!Object.keys(states).some(asked)) continue;
    await change();
    await sleep(3);
    for (const [name, state] of Object.entries(states)) if (asked(name)) await take(name, state);
  }
  console.log(failed ? `${failed} pictures failed; the others are in ${folder}` : `all pictures are in ${folder}`);
  process.exitCode = failed ? 1 : 0;
}
