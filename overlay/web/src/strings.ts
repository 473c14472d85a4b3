/** What the player says, in English and Chinese. */

const en = {
  live: 'LIVE',
  replay: 'Replay',
  goLive: 'Go live',
  behind: (s: number) => `${s} s behind live`,
  delay: (s: string) => `${s} s behind the studio`,
  connecting: 'Joining the show…',
  before: 'The show has not started',
  beforeMore: 'It begins here by itself. Stay on this page.',
  host: 'The host will be right back',
  hostMore: 'The show goes on here by itself.',
  network: 'Reconnecting…',
  networkMore: 'The connection was lost. No need to reload.',
  ended: 'The show has ended',
  endedMore: 'Thank you for watching.',
  watchReplay: 'Watch the replay',
  failed: 'This browser cannot play the stream',
  failedMore: 'A current version of any browser will do.',
  unmute: 'Unmute',
  play: 'Play',
  pause: 'Pause',
  mute: 'Mute',
  sound: 'Turn sound on',
  volume: 'Volume',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
  player: 'Live show',
  products: 'Products in the show',
  featured: 'Featured now',
  alsoPinned: 'Also featured',
  buy: 'Buy now',
  preorder: 'Pre-order',
  view: 'View',
  low: 'Few left',
  out: 'Sold out',
  preorderBadge: 'Pre-order',
  listPrice: 'List price',
  opensTab: 'opens in a new tab',
  now: (title: string, price: string) => `Featured now: ${[title, price].filter(Boolean).join(', ')}`,
  gone: (title: string) => `No longer featured: ${title}`,
  product: 'Product',
  onNow: 'On now',
  empty: 'Products appear here as the host shows them.',
  emptyReplay: 'Watch the replay, and its products appear here.',
  noneShown: 'No products were shown while you watched.',
  watching: (n: string) => `${n} watching`,
  copied: 'Copied',
};

export type Strings = typeof en;

const zh: Strings = {
  live: '直播中',
  replay: '回放',
  goLive: '回到直播',
  behind: (s) => `落后直播 ${s} 秒`,
  delay: (s) => `延迟 ${s} 秒`,
  connecting: '正在进入直播间…',
  before: '直播尚未开始',
  beforeMore: '开播后将自动播放，请留在本页。',
  host: '主播马上回来',
  hostMore: '直播稍后将自动继续。',
  network: '正在重新连接…',
  networkMore: '网络连接中断，无需刷新页面。',
  ended: '直播已结束',
  endedMore: '感谢观看。',
  watchReplay: '观看回放',
  failed: '当前浏览器无法播放直播',
  failedMore: '请升级浏览器后重试。',
  unmute: '打开声音',
  play: '播放',
  pause: '暂停',
  mute: '静音',
  sound: '打开声音',
  volume: '音量',
  fullscreen: '全屏',
  leaveFullscreen: '退出全屏',
  player: '直播',
  products: '直播商品',
  featured: '正在讲解',
  alsoPinned: '同场好物',
  buy: '立即购买',
  preorder: '立即预订',
  view: '查看',
  low: '库存紧张',
  out: '已售罄',
  preorderBadge: '预售',
  listPrice: '原价',
  opensTab: '在新标签页打开',
  now: (title, price) => `正在讲解：${[title, price].filter(Boolean).join('，')}`,
  gone: (title) => `讲解结束：${title}`,
  product: '商品',
  onNow: '讲解中',
  empty: '主播讲解的商品会出现在这里。',
  emptyReplay: '观看回放时，商品会出现在这里。',
  noneShown: '您观看期间没有展示商品。',
  watching: (n) => `${n} 人在看`,
  copied: '已复制',
};

/** The language for a wish such as "zh-CN" or ""; the browser's own when there is no wish. */
export function languageOf(wish: string | null | undefined): { locale: string; text: Strings } {
  const locale = supported(wish || globalThis.navigator?.language) ?? 'en';
  return { locale, text: /^zh\b/i.test(locale) ? zh : en };
}

function supported(tag: string | undefined): string | undefined {
  try {
    return tag ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}
