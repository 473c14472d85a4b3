// The catalogue in the studio: rows of a spreadsheet become products, which are edited by keys, many at once, with pictures, and from feeds; deeds are taken back.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn } from './lib/fit.mjs';
import { Mediad, says, sleep, until } from './lib/mediad.mjs';

let m, browser, page;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

const fit = (state) => fitIn(page, state, { controls: 'main :is(button, input:not([type=checkbox]), select, textarea, .button)', least: 43.9 });

const product = async (sku) => (await m.api('GET', `/products/${sku}`)).body;
const focused = () => page.evaluate(() => `${document.activeElement?.closest('tr')?.querySelector('code')?.innerText} ${document.activeElement?.dataset.field ?? document.activeElement?.tagName}`);
const told = (pattern) => until(`the page says ${pattern}`, async () => pattern.test((await page.textContent('.told').catch(() => '')) ?? ''));

test('a farmer pastes three rows of a spreadsheet, two without a link, into the empty catalogue, looks, and has products', async () => {
  page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })).newPage();
  page.setDefaultTimeout(12000);
  await page.goto(`${m.http}/studio#setup=${m.token}`);
  const owner = { shop: 'Corn town', name: 'Li', email: 'li@shop.example', password: 'corn and tea 1' };
  for (const [name, text] of Object.entries(owner)) await page.fill(`[name=${name}]`, text);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.studio');
  await page.goto(`${m.http}/studio#/catalogue`);
  await page.waitForSelector('catalogue-intake textarea');
  assert.match(await page.innerText('main'), /Your products belong here/);
  await fit('empty');
  await page.click('catalogue-intake .loud');
  assert.match(await page.innerText('catalogue-intake .trouble'), /Paste some rows first/);
  await page.keyboard.insertText('CORN\tSweet corn 5 kg\t49.90\thttps://shop.example/corn\nTEA\t绿茶 Green tea\t128\nRICE\tRice\t99');
  await page.selectOption('catalogue-intake [name=currency]', 'CNY');
  await page.focus('catalogue-intake [name=currency]');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-next]');
  assert.match(await page.innerText('.counts'), /new\s+3/);
  assert.equal((await m.api('GET', '/products/CORN')).status, 404, 'nothing has changed yet');
  assert.match(await page.innerText('.no-link'), /Products without a link: 2/);
  assert.match(await page.innerText('.preview tbody tr:first-child'), /1\s+Sweet corn 5 kg\s+CORN\s+CN¥49\.90\s+new/);
  assert.match(await page.innerText('.preview'), /read as CNY.*no link: viewers cannot buy it/s);
  await fit('look');
  await page.click('text=Add 3 new');
  await page.waitForSelector('text=Done. Your catalogue is up to date.');
  await says(() => page.evaluate(() => document.activeElement?.textContent), /^See the catalogue$/);
  await page.keyboard.press('Enter');
  await until('three rows', async () => (await page.locator('.goods tbody tr').count()) === 3);
  assert.deepEqual(await page.locator('.goods tbody tr:has(.no-link) code').allInnerTexts(), ['TEA', 'RICE']);
  await fit('list on a phone');
  await page.setViewportSize({ width: 1280, height: 860 });
});

test('the table is sorted by its headers, and on a phone by a list of ways', async () => {
  const skus = async () => (await page.locator('.goods tbody code').allInnerTexts()).join(' ');
  const sorted = (want) => until(want, async () => (await skus()) === want);
  await page.click('th .sort >> text=Price');
  await sorted('CORN RICE TEA');
  assert.equal(await page.getAttribute('th[aria-sort]', 'aria-sort'), 'ascending');
  await fit('sorted');
  await page.focus('th[aria-sort] .sort');
  await page.keyboard.press('Enter');
  await sorted('TEA RICE CORN');
  assert.equal(await page.getAttribute('th[aria-sort]', 'aria-sort'), 'descending');
  assert.equal(await page.inputValue('[name=sort]'), '-price');
  await page.keyboard.press('Enter');
  await sorted('CORN TEA RICE');
  assert.equal(await page.locator('th[aria-sort]').count(), 0);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await page.locator('th .sort').first().isVisible(), false);
  await page.click('.sift'); // filters and order stand behind a button there
  await page.selectOption('[name=sort]', 'sku');
  await sorted('CORN RICE TEA');
  await fit('sorted on a phone');
  await page.selectOption('[name=sort]', '');
  await sorted('CORN TEA RICE');
  await page.setViewportSize({ width: 1280, height: 860 });
});

test('cells are edited by keys, as in a spreadsheet; a large fall is asked once; it can be taken back', async () => {
  await page.focus('#find');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), 'CORN title');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('4');
  await page.keyboard.type('5,50');
  await page.keyboard.press('Enter');
  await until('the price is kept', async () => (await product('CORN')).price === 4550);
  assert.equal(await focused(), 'TEA price', 'Enter goes on to the row below');
  await page.keyboard.press('Enter');
  await page.keyboard.type('cheap');
  await page.keyboard.press('Enter');
  assert.match(await page.innerText('.goods .trouble'), /This is not a price/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('12.80');
  await page.keyboard.press('Enter');
  assert.match(await page.innerText('.goods .ask'), /From CN¥128\.00 to CN¥12\.80: 90% less/);
  await fit('a large fall');
  await page.keyboard.press('Enter'); // the harmless answer has the focus
  assert.equal((await product('TEA')).price, 12800);
  assert.equal(await focused(), 'TEA price');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Green tea 100 g');
  await page.keyboard.press('Enter');
  await told(/Green tea 100 g is changed/);
  await page.click('.told button');
  await until('the title is back', async () => (await product('TEA')).title === '绿茶 Green tea');
  // Over a slow line the second edit of a row waits for the first, and both are kept.
  await page.route('**/api/v1/products/*', async (route) => { await sleep(0.3); await route.continue(); });
  for (const [field, text] of [['title', 'Green tea'], ['category', 'Tea']]) {
    await page.focus(`tr:nth-child(2) [data-field=${field}]`);
    await page.keyboard.press('Enter');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }
  await until('both are kept', async () => { const p = await product('TEA'); return p.title === 'Green tea' && p.category === 'Tea'; });
  await page.unroute('**/api/v1/products/*');
  assert.equal(await page.locator('tr:nth-child(2) .trouble').count(), 0);
  // What somebody else has changed meanwhile is not overwritten.
  assert.equal((await m.api('PATCH', '/products/RICE', { price: 9800 })).status, 200);
  await page.focus('tr:nth-child(3) [data-field=price]');
  await page.keyboard.type('97');
  await page.keyboard.press('Enter');
  await page.waitForSelector('tr:nth-child(3) .trouble');
  assert.equal((await product('RICE')).price, 9800);
});

test('many are sold out at once, and come back; a deletion is taken back, another one is not', async () => {
  await page.reload();
  await page.waitForSelector('.goods thead input');
  await page.click('.goods thead input');
  await fit('selected');
  await page.click('text=Mark as sold out');
  await told(/Changed: 3 products/);
  for (const sku of ['CORN', 'TEA', 'RICE']) assert.equal((await product(sku)).stock, 'out');
  await page.click('.told button');
  await until('they are back', async () => (await product('RICE')).stock === 'in');
  await page.click('text=Change prices by %');
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await until('prices are changed', async () => (await product('RICE')).price === 10780);
  await page.click('text=Clear selection');
  await page.click('tr:nth-child(3) [type=checkbox]');
  await page.click('catalogue-bulk >> text=Delete');
  await page.waitForSelector('tr.leaving');
  assert.equal((await product('RICE')).sku, 'RICE', 'the server is not asked yet');
  await page.click('tr.leaving >> text=Undo');
  await told(/Nothing was deleted/);
  await page.click('tr:nth-child(3) [type=checkbox]');
  await page.click('catalogue-bulk >> text=Delete');
  await page.waitForSelector('tr.leaving');
  await page.evaluate(() => (location.hash = '#/account')); // who goes away has made up their mind
  await told(/Deleted: 1/);
  assert.equal((await m.api('GET', '/products/RICE')).status, 404, 'it is told when it is so');
});

test('a product gets a picture, variants and a title in another language', async () => {
  await page.goto(`${m.http}/studio#/catalogue`);
  // The focus goes to what was opened, and on return to where it was.
  await page.focus('.goods tbody tr:nth-child(1) a.button');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
  await page.goBack();
  await page.waitForFunction(() => document.activeElement.getAttribute('href')?.startsWith('#/catalogue/p/'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('catalogue-pictures');
  // What is typed and not saved is there again for who comes back.
  await page.fill('[name=unit]', 'box of 12');
  await page.click('text=To the catalogue');
  await told(/is not saved/);
  await page.click('.goods tbody tr:nth-child(1) >> text=Details');
  await page.waitForSelector('catalogue-pictures');
  assert.equal(await page.inputValue('[name=unit]'), 'box of 12');
  const png = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    const g = canvas.getContext('2d');
    g.fillStyle = '#f4b400';
    g.fillRect(0, 0, 640, 480);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  await page.setInputFiles('catalogue-pictures [type=file]', { name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.waitForSelector('catalogue-pictures .trouble');
  await page.setInputFiles('catalogue-pictures [type=file]', { name: 'corn.png', mimeType: 'image/png', buffer: Buffer.from(png) });
  await page.waitForSelector('catalogue-pictures li img');
  await until('the picture is drawn', () => page.evaluate(() => document.querySelector('catalogue-pictures img').naturalWidth === 640));
  await page.click('text=Add a variant');
  await page.fill('[name="variants[0].options"]', '5 kg');
  await page.fill('[name="variants[0].sku"]', 'CORN 5');
  await page.selectOption('.titles select', 'de');
  await page.fill('[name="titles.de"]', 'Zuckermais');
  await fit('a product');
  await page.click('.bar .loud');
  await page.waitForSelector('.bar .trouble'); // a SKU has no spaces
  await page.fill('[name="variants[0].sku"]', 'CORN-5');
  await page.click('.bar .loud');
  await page.waitForSelector('.goods tbody tr:nth-child(1) img');
  const saved = await product('CORN');
  assert.match(saved.image, /^\/i\/[a-z2-7]{26}\.jpg$/);
  assert.deepEqual([saved.unit, saved.titles, saved.variants.map((v) => v.options)], ['box of 12', { de: 'Zuckermais' }, [{ size: '5 kg' }]]);
  const image = await fetch(m.http + saved.image);
  assert.deepEqual([image.status, image.headers.get('content-type'), image.headers.get('x-content-type-options')], [200, 'image/jpeg', 'nosniff']);
  assert.match(image.headers.get('cache-control'), /immutable/);
});

test('a feed is looked at first: rejected rows have reasons, a large fall wants a yes', async () => {
  await page.click('text=Paste or import');
  await page.waitForSelector('catalogue-intake [type=file]');
  await fit('import');
  await page.setInputFiles('catalogue-intake [type=file]', { name: 'feed.csv', mimeType: 'text/csv', buffer: Buffer.from('sku,title,price\nCORN,Sweet corn 5 kg,9.90 CNY\nHONEY,Honey,59 CNY\nBAD,,x\n') });
  await page.waitForSelector('.warning');
  assert.match(await page.innerText('.counts'), /new\s+1\s+changed\s+1/);
  assert.match(await page.innerText('.warning'), /Prices that fall by more than half: 1.*CORN\s+50\.05 CNY\s+9\.90 CNY/s);
  assert.match(await page.innerText('.rejected tbody'), /4\s+BAD\s+Price\s+“x” is not a price/);
  assert.match(await page.innerText('.preview tbody tr:first-child'), /CORN\s+CN¥9\.90\s+Price: 50\.05 CNY → 9\.90 CNY/);
  await fit('a feed with a warning');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Download as CSV')]);
  assert.equal(file.suggestedFilename(), 'rejected.csv');
  await page.click('.apply .loud');
  assert.match(await page.innerText('main .trouble'), /First confirm/);
  assert.equal((await product('CORN')).price, 5005);
  await page.keyboard.press('Space'); // the focus is on what is to be confirmed
  await page.click('.apply .loud');
  await page.waitForSelector('text=Done. Your catalogue is up to date.');
  assert.equal((await product('CORN')).price, 990);
  assert.equal((await product('HONEY')).price, 5900);
  await page.click('[data-next]');
  await page.fill('#find', 'hone');
  await until('the search finds it', async () => (await page.locator('.goods tbody tr').count()) === 1);
  await page.fill('#find', 'nothing like that');
  await page.waitForSelector('text=No product matches');
  await fit('nothing found');
});

test('imports are listed and opened again, a dry run is discarded; an address is fetched on a schedule, and says how it went', async () => {
  await page.goto(`${m.http}/studio#/catalogue/import`);
  await page.setInputFiles('catalogue-intake [type=file]', { name: 'later.csv', mimeType: 'text/csv', buffer: Buffer.from('sku,title,price\nPEAR,Pears,19 CNY\n') });
  await page.waitForSelector('text=Add 1 new');
  await page.goto(`${m.http}/studio#/catalogue/imports`);
  const row = (name) => page.locator('tr[data-import]', { hasText: name });
  await row('later.csv').waitFor();
  assert.deepEqual(await page.locator('tr[data-import] td:first-child strong').allInnerTexts(), ['later.csv', 'feed.csv', 'pasted rows']);
  assert.match(await row('feed.csv').innerText(), /Applied.*1 new · 1 changed.*rows left out: 1/s);
  await row('later.csv').getByText('Discard').click();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until('it is discarded', async () => /nothing has changed.*It was discarded/s.test(await row('later.csv').innerText()));
  await page.click('.feeds .add');
  await page.keyboard.type(`${m.http}/feed.csv?token=secret`);
  await fit('a feed is added');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.feed .warn');
  assert.match(await page.innerText('.feed'), /127\.0\.0\.1\/feed\.csv\s+The last fetch failed; nothing has changed\..*not on the public internet.*Next: in \d+ hours/s);
  assert.doesNotMatch(await page.innerText('.feed'), /secret/);
  await page.selectOption('.feed select', '6');
  await told(/every 6 hours/);
  await page.click('.feed >> text=Pause');
  await page.waitForSelector('.feed >> text=Resume');
  await page.click('.told button'); // undo
  await page.waitForSelector('.feed >> text=Pause');
  const feeds = async () => (await m.api('GET', '/feeds')).body.items;
  assert.deepEqual((await feeds()).map((f) => [f.every_hours, f.paused]), [[6, undefined]]);
  await fit('imports');
  await page.click('.feed studio-ask button');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until('it is deleted', async () => !(await feeds()).length);
  await row('feed.csv').last().getByText('Open').click();
  await page.waitForSelector('.rejected');
});

test('what is shown at the moment is left out, in the preview as in the result', async () => {
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'HONEY' })).status, 201);
  await page.goto(`${m.http}/studio#/catalogue/import`);
  await page.waitForSelector('catalogue-intake textarea');
  await page.fill('catalogue-intake textarea', 'HONEY\tHoney\t61\thttps://shop.example/honey\nCORN\tSweet corn 5 kg\t9.95\tsoon\nNUTS\tNuts\t20\thttps://shop.example/nuts');
  await page.click('catalogue-intake .loud');
  await page.waitForSelector('.rejected');
  assert.match(await page.innerText('.counts'), /new\s+1\s+changed\s+0/);
  assert.match(await page.innerText('.rejected tbody'), /1\s+Honey\s+HONEY\s+—\s+It is in a show that is on air.*2\s+Sweet corn 5 kg\s+CORN\s+Link\s+This must be an address/s);
  await fit('left out');
  await page.goto(`${m.http}/studio#/catalogue/import`);
  await page.waitForSelector('catalogue-intake textarea');
  await page.fill('catalogue-intake textarea', 'NUTS\tNuts\t20');
  await page.click('catalogue-intake .loud');
  await page.waitForSelector('text=Add 1 new');
  assert.equal((await m.api('POST', '/products', { sku: 'NUTS', title: 'Other nuts', price: 1900, currency: 'CNY' })).status, 201); // somebody is faster
  await page.click('text=Add 1 new');
  await page.waitForSelector('text=Nothing was changed.');
  assert.match(await page.innerText('.rejected tbody'), /NUTS/);
  await fit('nothing was changed');
  await page.goto(`${m.http}/studio#/catalogue/imports`);
  await page.waitForSelector('tr[data-import] .warn >> text=Nothing was changed');
  await m.api('DELETE', '/rooms/demo/pins/HONEY');
});

test('a category is renamed with its products, and back; a deleted one leaves them there', async () => {
  await page.goto(`${m.http}/studio#/catalogue`);
  await page.reload();
  await page.waitForSelector('.goods thead input');
  await page.click('.goods thead input');
  await page.click('text=Put into a category');
  await page.keyboard.type('Food > Fruit');
  await page.keyboard.press('Enter');
  await until('they are in it', async () => (await product('TEA')).category === 'Food > Fruit');
  await page.click('text=Clear selection');
  await page.click('.parts >> text=Categories');
  const row = (path) => `tr[data-category="${path}"]`;
  await page.click(`${row('Food')} [data-act=rename]`);
  await page.fill('.named input', 'Groceries');
  await fit('a category is renamed');
  await page.keyboard.press('Enter');
  await page.waitForSelector(row('Groceries > Fruit'));
  assert.equal((await product('TEA')).category, 'Groceries > Fruit');
  await told(/Food is now Groceries/);
  await page.click('.told button');
  await page.waitForSelector(row('Food > Fruit'));
  await until('the products, too', async () => (await product('TEA')).category === 'Food > Fruit');
  await page.click(`${row('Food > Fruit')} [data-act=delete]`);
  assert.match(await page.innerText('.ask'), /Delete Food > Fruit\? \d products are in it/);
  await fit('a category is deleted');
  await page.click('.ask .danger');
  await until('they are in the one above', async () => (await product('TEA')).category === 'Food');
  await page.click(`${row('Food')} .number button`);
  await page.waitForSelector('.goods tbody tr');
  assert.equal(await page.inputValue('.finder [name=category]'), 'Food');
});

test('an agency fills a pool and grants it; the host finds its products in the line-up, with their seller, until the grant ends', async () => {
  const host = (await m.api('POST', '/orgs', { name: 'Host town', parent: 'home' })).body;
  await m.api('POST', '/rooms', { slug: 'host', title: 'Host room', org: host.id });
  const show = (await m.api('POST', '/shows', { room: 'host', title: 'Evening' })).body;
  await page.reload();
  await page.waitForSelector('.goods thead input');
  await page.click('.goods tbody tr:nth-child(1) [type=checkbox]');
  await page.click('text=Put into a pool');
  await page.keyboard.type('Autumn');
  await page.keyboard.press('Enter');
  await told(/Added to the pool Autumn: 1/);
  await page.click('text=Clear selection');
  await page.click('.parts >> text=Pools');
  await page.click('tr[data-pool] >> text=Products and grants');
  await page.waitForSelector('catalogue-pool .found button');
  await page.fill('[name=outside]', 'hon');
  const outside = page.locator('.pool > section + section .found li');
  await until('the search finds honey alone', async () => (await outside.count()) === 1);
  await outside.getByText('Add').click();
  await told(/Honey is in the pool/);
  await until('its row says so', async () => (await outside.innerText()).includes('In the pool'));
  await page.click('.told button'); // undo
  await outside.getByText('Add').click();
  await until('the pool has two', async () => /In the pool\s+2/.test(await page.innerText('#in-head')));
  await page.selectOption('.grants [name=to]', host.id);
  await page.click('.grants [type=submit]');
  await page.waitForSelector(`.grants [data-org="${host.id}"]`);
  await fit('a pool');
  await page.click('text=To all pools');
  await page.waitForSelector('tr[data-pool]');
  await fit('pools');
  await page.goto(`${m.http}/studio#/shows/${show.id}`);
  await page.waitForSelector('.finder li.found');
  const found = page.locator('.finder li.found', { hasText: 'Honey' });
  assert.match(await found.innerText(), /sold by Corn town/i);
  await found.getByText('Add').click();
  await page.waitForSelector('.line small:has-text("Corn town")');
  await page.goto(`${m.http}/studio#/catalogue/pools`);
  await page.click('tr[data-pool] >> text=Products and grants');
  await page.click(`[data-org="${host.id}"] button`);
  await page.click(`[data-org="${host.id}"] .danger`);
  await until('nothing is found there', async () => !(await m.api('GET', `/products?org=${host.id}`)).body.items.length);
});

test('a shop is connected by the page, tells of an order, and the order is matched to a show by hand', async () => {
  await page.goto(`${m.http}/studio#/orders`);
  await page.waitForSelector('studio-orders .empty');
  await fit('no orders');
  await page.click('studio-orders .empty .loud');
  await page.waitForSelector('studio-shops .empty');
  await fit('no shops');
  await page.click('studio-shops .empty .loud');
  await page.waitForSelector('.kinds');
  await fit('kinds of shops');
  await page.click('.kinds a[href$="/link"]');
  await page.fill('shop-new [name=name]', 'Own shop');
  await page.fill('shop-new [name=hosts]', 'https://Pay.example/x');
  await page.keyboard.press('Enter');
  await page.waitForSelector('studio-shop .standing[data-how=unfinished]');
  await fit('a shop, not finished');
  const hook = await page.innerText('studio-shop .hook code');
  await page.click('shop-secret .make');
  await page.waitForSelector('shop-secret studio-secret');
  assert.doesNotMatch(await page.innerText('shop-secret'), /whsec_/, 'it is hidden until somebody asks');
  await page.click('shop-secret .secret button');
  const secret = await page.innerText('shop-secret code');
  await fit('the secret, once');
  const send = async (id, type, data) => {
    const [at, body] = [String(Math.floor(Date.now() / 1000)), JSON.stringify({ type, timestamp: new Date().toISOString(), data })];
    const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${at}.${body}`).digest('base64');
    return (await fetch(hook, { method: 'POST', headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body })).status;
  };
  assert.equal(await send('m1', 'order.paid', { order: '4711', amount: 4990, currency: 'CNY', lines: [{ sku: 'CORN', title: 'Sweet corn', quantity: 1, amount: 4990 }] }), 204);
  await page.waitForSelector('studio-shop .standing[data-how=connected]'); // it comes by itself
  const id = hook.split('/').pop();
  assert.deepEqual((await m.api('GET', `/shops/${id}`)).body.config.hosts, ['pay.example']);

  // What somebody else has changed meanwhile is not overwritten, and the secret is never shown again.
  assert.equal((await m.api('PATCH', `/shops/${id}`, { name: 'Corn shop' })).status, 200);
  await page.fill('studio-shop form.fields [name=name]', 'Mine');
  await page.keyboard.press('Enter');
  await page.waitForSelector('studio-shop form.fields .trouble');
  await page.click('studio-shop form.fields .loud');
  await until('it is loaded anew', async () => (await page.inputValue('studio-shop form.fields [name=name]')) === 'Corn shop');
  await page.reload();
  await page.click('studio-shop .folded summary'); // its orders arrive: the steps are out of the way
  await page.waitForSelector('shop-secret .set');
  assert.ok(!(await page.content()).includes(secret));
  await fit('a shop, connected');
  await page.goto(`${m.http}/studio#/shops`);
  await page.waitForSelector('studio-shops .row[data-how=connected]');
  await fit('shops');

  assert.equal(await send('m2', 'order.refunded', { order: '4711', refund: 'r1', amount: 6000, currency: 'CNY' }), 204);
  await page.click('.nav a[href="#/orders"]');
  await page.click('studio-orders .tabs a >> text=1 without a show');
  await page.waitForSelector('studio-orders .queue [data-order]');
  await says(() => page.innerText('studio-orders .queue [data-order]'), /4711\s+refunded too much\s+CN¥49\.90\s+1\s×\sSweet corn\s+.*Corn shop/i);
  await fit('orders without a show');
  await page.fill('studio-orders [name=q]', '99999');
  await page.waitForSelector('studio-orders .empty');
  await page.fill('studio-orders [name=q]', '471');
  await page.waitForSelector('studio-orders .queue [data-order]');
  assert.match(await page.getAttribute('studio-orders .csv', 'href'), /^\/api\/v1\/orders\.csv\?org=home&unmatched=true&q=471$/);
  await page.click('studio-orders .filters .quiet'); // what is asked for stays until it is cleared
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201); // it makes a show
  const show = (await m.api('GET', '/shows')).body.items[0];
  await page.click('studio-orders .queue [data-order] a.of');
  await page.waitForSelector('order-show select');
  assert.match(await page.innerText('studio-order .notice.loud'), /CN¥10\.10 more was refunded than was paid/);
  await fit('an order without a show');
  await page.selectOption('order-show select', show.id);
  await page.focus('order-show select');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`order-show a[href$="${show.id}"]`);
  const order = async () => (await m.api('GET', '/orders')).body.items[0];
  assert.equal((await order()).show, show.id);
  await told(/The order came from/);
  await fit('a matched order');
  await page.click('.told button'); // undo
  await page.waitForSelector('order-show select');
  assert.deepEqual([(await order()).show, (await order()).by_hand], [undefined, undefined], 'it is in the queue again');
  await page.goto(`${m.http}/studio#/orders/unmatched`); // it is answered in its row, too, and taken back there
  await page.click('order-answer .none');
  await page.waitForSelector('order-answer .answered');
  await fit('an answer in its row');
  assert.equal((await order()).by_hand, true);
  await page.keyboard.press('Enter'); // the way back has the focus
  await page.waitForSelector('order-answer .none');
  await page.click('studio-orders .queue [data-order] a.of');
  await page.click('order-show .none');
  await until('it came from none', async () => (await order()).by_hand);
  await page.goto(`${m.http}/studio#/orders/unmatched`);
  await page.waitForSelector('studio-orders .empty:has-text("Every order is assigned")');

  await page.goto(`${m.http}/studio#/shops/${id}`);
  await page.click('studio-shop > .parts studio-ask >> text=Remove the shop');
  await page.click('studio-shop .ask .danger');
  await page.waitForSelector('studio-shops .empty');
  assert.equal(await send('m3', 'order.cancelled', { order: '4711' }), 404);
});

test('a product is listed in a shop by pasting, a foreign host is refused in its line, and what is emptied is listed no more', async () => {
  const shop = (await m.api('POST', '/shops', { name: 'Shirts', kind: 'link', config: { hosts: ['pay.example'] } })).body;
  const shirt = (await m.api('POST', '/products', { sku: 'LISTED', title: 'A shirt to list', price: 100, currency: 'CNY', variants: [{ sku: 'LISTED-M', options: { size: 'M' } }, { sku: 'LISTED-L', options: { size: 'L' } }] })).body;
  const listed = async () => (await m.api('GET', `/shops/${shop.id}/listings?product=${shirt.id}`)).body.items.map((l) => [l.variant ?? l.product, l.link]);
  await page.goto(`${m.http}/studio#/catalogue/p/${shirt.id}`);
  await page.waitForSelector(`catalogue-listings [data-shop="${shop.id}"]`);
  assert.match(await page.innerText('catalogue-listings h3'), /0 of 3 listed/);
  const [whole, medium, large] = [shirt.id, shirt.variants[0].id, shirt.variants[1].id].map((id) => `catalogue-listings [data-line="${id}"]`);
  await page.evaluate(([at, text]) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.querySelector(at).dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, [`${whole} input`, 'LISTED-M\thttps://pay.example/m\nLISTED-L\thttps://elsewhere.example/l']);
  await page.click('catalogue-editor .bar .loud'); // one button saves the product and how shops know it
  await page.waitForSelector(`${large} .trouble`);
  assert.match(await page.innerText(`${large} .trouble`), /elsewhere|host/i);
  assert.equal(await page.getAttribute(`${large} .trouble a`, 'href'), `#/shops/${shop.id}`);
  await until('the other one is saved', async () => JSON.stringify(await listed()) === JSON.stringify([[shirt.variants[0].id, 'https://pay.example/m']]));
  await fit('listings, one refused');
  await page.fill(`${large} input`, 'https://pay.example/l');
  await page.fill(`${medium} input`, '');
  await page.keyboard.press('Enter');
  await until('both are saved', async () => JSON.stringify(await listed()) === JSON.stringify([[shirt.variants[1].id, 'https://pay.example/l']]));
  await says(() => page.innerText('catalogue-listings h3'), /1 of 3 listed/);
});
