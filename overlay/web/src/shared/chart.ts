import { LitElement, css, html, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?text';
import { empty, timesOf, type Scale, type Trace } from './trace.ts';

const height = 104; // px

/** `<mediad-chart>`: a number over the last two minutes, with its scale and its times. */
export class Chart extends LitElement {
  static override styles = [unsafeCSS(plotStyles), css`
    :host { display: block; height: ${height}px; overflow: hidden; pointer-events: none; } /* a picture: nothing to press */
  `];

  @property({ attribute: false }) trace: Trace = empty;
  @property({ attribute: false }) scale: Scale = () => [0, 1];
  @property({ attribute: false }) locale = 'en';
  /** What values above zero mean, and what those below mean; empty: no value is below. */
  @property({ attribute: false }) sides: readonly string[] = [];
  /** How many seconds it shows. */
  @property({ attribute: false }) span = 120;

  @query('div') private box!: HTMLElement;

  private plot: uPlot | undefined;
  private readonly sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height }));
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
    this.dark.addEventListener('change', this.begin);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.dark.removeEventListener('change', this.begin);
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override render(): TemplateResult {
    return html`<div></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.plot || changed.has('locale')) this.begin();
    else this.show();
  }

  /** The canvas has fixed colours, so another colour scheme needs a new plot. */
  private readonly begin = (): void => {
    this.plot?.destroy();
    const style = getComputedStyle(this);
    const [ink, soft, line] = ['--chart-ink', '--chart-soft', '--chart-line'].map((name) => style.getPropertyValue(name).trim() || 'gray');
    const font = `11px ${style.fontFamily}`;
    const clock = new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    const figure = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 2, signDisplay: this.sides.length ? 'exceptZero' : 'auto' });
    const axis: uPlot.Axis = { stroke: soft!, font, grid: { stroke: line!, width: 1 }, ticks: { show: false } };
    this.plot = new uPlot({
      width: this.clientWidth || 300,
      height,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 22, space: 76, incrs: [10, 15, 30, 60, 120], values: (_, at) => at.map((s) => clock.format(s * 1000)) },
        { ...axis, size: 44, space: 20, values: (_, at) => at.map((n) => figure.format(n).replace('-', '−')) },
      ],
      series: [{}, { stroke: ink!, width: 2, points: { show: false } }],
      hooks: { drawAxes: [(u) => this.name(u, soft!, font)] },
    }, [[], []], this.box);
    this.show();
  };

  /** Writes into the chart what a plus means, and what a minus. */
  private name({ ctx, bbox }: uPlot, colour: string, font: string): void {
    const [above, below] = this.sides;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.fillStyle = colour;
    ctx.font = font.replace('11px', `${11 * ratio}px`);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    if (above) ctx.fillText(`+ ${above}`, bbox.left + 6 * ratio, bbox.top + 4 * ratio);
    ctx.textBaseline = 'bottom';
    if (below) ctx.fillText(`− ${below}`, bbox.left + 6 * ratio, bbox.top + bbox.height - 4 * ratio);
    ctx.restore();
  }

  private show(): void {
    const { plot, trace } = this;
    const now = trace.times.at(-1) ?? Date.now() / 1000;
    const [from, to] = timesOf(trace, now, 20, this.span);
    const [min, max] = this.scale(trace);
    plot?.batch(() => {
      plot.setData([[...trace.times], [...trace.values]], false);
      plot.setScale('x', { min: from, max: to });
      plot.setScale('y', { min, max });
    });
  }
}

customElements.define('mediad-chart', Chart);
