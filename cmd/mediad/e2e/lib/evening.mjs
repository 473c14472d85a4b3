// A world for pictures: an owner with twelve rooms, a catalogue, shops, a show that is over with its orders, one on air, and some to come.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { ends } from './ending.mjs';
import { Mediad, sleep, until } from './mediad.mjs';
import { clip, push } from './publisher.mjs';

const run = promisify(execFile);
const day = 86_400_000;

export const owner = { email: 'li@shop.example', password: 'corn and tea 1' };

const goods = [
  ['CORN-5KG', 'Sweet corn 甜玉米, 5 kg', 4990, 6900, 'in'],
  ['TEA-100', 'Green tea 绿茶, 100 g', 1250, 0, 'low'],
  ['HONEY', 'Acacia honey from the hills 槐花蜜', 8800, 9900, 'in'],
  ['SHIRT', 'Linen shirt 亚麻衬衫', 15900, 19900, 'in'],
  ['RICE', 'Rice from the hills, first harvest of the year 山里新米', 3000, 0, 'out'],
  ['BASKET', 'Bamboo basket 竹篮', 6400, 0, 'in'],
  ['NUTS', 'Walnuts 核桃, 1 kg', 7200, 8000, 'in'],
  ['DAY-OUT', 'Voucher for a day at the farm 农场一日游', 29900, 0, 'in'],
];
const rooms = ['Corn Town 玉米', 'Tea House 茶馆', 'Hill Farm', 'Honey Bar', 'Bamboo Workshop 竹编', 'Rice Mill', 'Linen Studio', 'Nut Market', 'River Fish', 'Orchard 果园', 'Dairy', 'Town Square'];

/** Starts it, and gives the server with the names of what there is. */
export async function evening() {
  const slug = (title) => title.replace(/[^A-Za-z ]/g, '').trim().toLowerCase().replaceAll(' ', '-');
  const m = ends(await Mediad.start({
    config: { hls: { reconnect: '5m' }, rooms: rooms.map((title, i) => ({ slug: i ? slug(title) : 'demo', stream_key: `e2e-stream-key-0123456789-${i}`, title })) },
  }));
  const api = async (method, path, body) => {
    const answer = await m.api(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const there = { m, api, key: (i) => `e2e-stream-key-0123456789-${i}` };

  const made = await fetch(`${m.http}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...owner, token: m.token, name: 'Li', shop: 'Corn Town 玉米镇' }) });
  assert.ok(made.ok, await made.text());
  await api('POST', '/orgs/home/members', { email: 'wang@shop.example', role: 'host' });
  await api('POST', '/orgs/home/members', { email: 'chen@shop.example', role: 'assistant' });
  await api('POST', '/tokens', { name: 'OBS in the studio', role: 'assistant', org: 'home' });

  for (const [i, [sku, title, price, list_price, stock]] of goods.entries()) {
    const variants = sku === 'SHIRT' ? ['M', 'L', 'XL'].map((size) => ({ options: { size }, sku: `SHIRT-${size}` })) : undefined;
    await api('POST', '/products', {
      sku, title, price, currency: 'CNY', link: `https://shop.example/${sku.toLowerCase()}?click={click}&code={code}`, image: i === 6 ? undefined : await picture(m, i),
      ...(list_price ? { list_price } : {}), stock, ...(variants ? { variants } : {}), ...(sku === 'DAY-OUT' ? { type: 'voucher' } : {}),
    });
  }
  await api('PATCH', '/products/NUTS', { price: 7500, stock: 'low' });
  await api('PATCH', '/products/NUTS', { price: 7200, stock: 'in' });
  const more = [];
  for (const seed of [11, 12, 13, 14, 15]) more.push(await picture(m, seed));
  await api('PATCH', '/products/SHIRT', { images: more });
  await api('POST', '/categories', { path: 'Food > Grain' });
  await api('POST', '/pools', { name: 'Spring campaign' });

  const secret = Buffer.alloc(24, 7).toString('base64');
  const shop = await api('POST', '/shops', { name: 'Our own shop', kind: 'link', config: { hosts: ['shop.example'] }, secrets: { webhook: `whsec_${secret}` } });
  there.shopify = (await api('POST', '/shops', { name: 'Tea on Shopify', kind: 'shopify', config: { domain: 'tea.myshopify.com' } })).id;
  let sent = 0;
  there.hook = async (type, data) => {
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    const [id, at] = [`msg-${++sent}`, String(Math.floor(Date.now() / 1000))];
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${at}.${body}`).digest('base64');
    const answer = await fetch(`${m.http}/hooks/${shop.id}`, { method: 'POST', headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body });
    assert.equal(answer.status, 204, await answer.text());
  };
  there.shop = shop.id;

  const line = (product, more) => ({ product, ...more });
  const plan = async (room, title, when, lines = []) => {
    const { id } = await api('POST', '/shows', { room, title, timezone: 'Asia/Shanghai', ...(when ? { starts_at: new Date(when).toISOString() } : {}) });
    if (lines.length) await api('PUT', `/shows/${id}/lineup`, { items: lines });
    return id;
  };
  there.planned = await plan('tea-house', 'Spring tea 春茶', Date.now() + day, ['TEA-100', 'HONEY', 'BASKET'].map((p) => line(p)));
  await plan('hill-farm', 'Farm walk', Date.now() + 2 * day);
  await plan('orchard', 'Orchard 果园 in bloom', Date.now() + 9 * day);
  there.empty = await plan('linen-studio', 'Linen for summer', Date.now() + 3 * day);

  // The show that is over: pins, clicks, orders, one refunded, one that matches nothing.
  const file = await clip({ seconds: 60, fps: 30, gop: 1, size: '1280x720' });
  there.file = file;
  there.over = await plan('demo', 'Harvest evening 丰收节', undefined, ['CORN-5KG', 'TEA-100', 'HONEY'].map((p) => line(p)));
  let publisher = push(file, `${m.rtmp}/${there.key(0)}`);
  await m.mediaPlaylist();
  for (const sku of ['CORN-5KG', 'TEA-100', 'HONEY']) {
    await api('POST', '/rooms/demo/pins', { product: sku });
    await sleep(6);
    await sell(there, there.over, sku, sku === 'HONEY' ? 1 : 3);
  }
  await there.hook('order.refunded', { order: '#1004', refund: 'r1', amount: 1250, currency: 'CNY' });
  await there.hook('order.paid', { order: '9917', amount: 3000, currency: 'CNY', lines: [{ sku: 'UNKNOWN', title: 'Gift box', quantity: 1, amount: 3000 }] });
  await publisher.stop();
  await api('POST', '/rooms/demo/end');
  await until('the replay', async () => (await (await fetch(`${m.http}/c/room/demo.json`)).json()).replay, 30000);

  there.host = (await api('POST', '/hosts', { name: 'Wang Lin 王琳', commission_bp: 1250 })).id;
  await api('PUT', `/shows/${there.over}/host`, { host: there.host });

  // The show on air, and two more rooms with a picture.
  there.live = await plan('demo', 'Tea and corn tonight 今晚', Date.now(), [
    line('CORN-5KG', { note: 'Show the cob.' }), line('TEA-100', { price: 990 }), line('HONEY', { max_per_order: 2 }), line('SHIRT'), line('RICE'), line('BASKET'), line('NUTS'), line('DAY-OUT'),
  ]);
  there.publisher = ends(push(file, `${m.rtmp}/${there.key(0)}`));
  ends(push(await clip({ seconds: 60, fps: 30, gop: 8 }), `${m.rtmp}/${there.key(2)}`)); // rare key frames: in trouble
  await m.mediaPlaylist();
  await api('POST', '/rooms/demo/next');
  await api('POST', '/rooms/demo/pins', { product: 'SHIRT' });
  await sell(there, there.live, 'CORN-5KG', 2);
  return there;
}

let orders = 1001;

/** So many buyers click a product and pay. */
async function sell({ m, hook }, show, sku, n) {
  for (let i = 0; i < n; i++) {
    const gone = await fetch(`${m.http}/go/${show}/${sku}?viewer=${1000 + i}`, { redirect: 'manual', headers: { 'user-agent': `Viewer ${show} ${i}` } });
    const click = /[?&]click=([0-9A-Za-z]+)/i.exec(gone.headers.get('location') ?? '')?.[1];
    const [, , price] = goods.find(([s]) => s === sku);
    await hook('order.paid', { order: `#${orders++}`, amount: price * (i + 1), currency: 'CNY', ...(click ? { click } : {}), lines: [{ sku, quantity: i + 1, amount: price * (i + 1) }] });
  }
}

/** Uploads a picture of its own colours. */
async function picture(m, seed) {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `gradients=s=800x800:n=3:seed=${seed + 3}`, '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'], { encoding: 'buffer', maxBuffer: 1 << 24 });
  const form = new FormData();
  form.append('file', new Blob([stdout], { type: 'image/png' }), 'p.png');
  const answer = await fetch(`${m.http}/api/v1/images`, { method: 'POST', headers: { authorization: `Bearer ${m.token}` }, body: form });
  const body = await answer.json();
  assert.ok(answer.ok, JSON.stringify(body));
  return body.path;
}
