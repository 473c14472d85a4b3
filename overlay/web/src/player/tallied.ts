import { addressOf, read } from '../shared/api.ts';
import { Goods } from '../shared/goods.ts';
import { serverAt } from '../shared/server.ts';
import { parseShown } from '../shared/shown.ts';
import type { ProductDetail } from './events.ts';
import type { MediadPlayer } from './player.ts';

/** Counts the products that a show has shown, for the player's bag, where no page around it counts them. */
export function tally(player: MediadPlayer): void {
  if (player.goods! >= 0 || !/live|replay/.test(player.dataset['state']!)) return; // it is counted already, or there is nothing yet
  player.goods = 0;
  const goods = new Goods();
  let of = '';
  const count = async (pin?: ProductDetail): Promise<void> => {
    if (pin) goods.note(pin.product, pin.show, true);
    const { show, date } = player.programme;
    if (show && show !== of) {
      of = show;
      goods.early(show, parseShown(await read(addressOf(serverAt(player.origin), '/c/{show}/{file}', { show, file: 'products.json' }))), date ?? Infinity);
    }
    player.goods = goods.all().length;
  };
  player.addEventListener('product-pin', (e) => void count((e as CustomEvent<ProductDetail>).detail));
  void count();
}
