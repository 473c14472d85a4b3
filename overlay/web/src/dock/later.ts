/** The parts of the dock that are drawn when it stands. Without them the host still shows products. */
import '../shared/chart.ts';
import './coupons/panel.ts';
import './hosts/panel.ts';
import './numbers/panel.ts';
import './offers/panel.ts';
import './polls/panel.ts';
import './setup/panel.ts';
