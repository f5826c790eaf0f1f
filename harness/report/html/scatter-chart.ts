/** Marks on two value axes, each with its intervals and its name; the area of a mark may carry a third figure. */
import { type CustomSeriesOption, CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawTwice, slim } from './draw-svg.ts';
import { shorten, widthOf } from './labels.ts';
import type { ChartText } from './svg.ts';

echarts.use([CustomChart, GridComponent, SVGRenderer]);

interface Reach {
  readonly at: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Mark {
  readonly name: string;
  readonly x: Reach;
  readonly y: Reach;
  /** Share of the largest area, 0..1; null: all marks are alike. */
  readonly area: number | null;
  readonly color: string;
  /** Hollow marks step back. */
  readonly isHollow: boolean;
}

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
  readonly name: string;
  readonly formatTick: (value: number) => string;
}

export interface ScatterPlot {
  readonly text: Omit<ChartText, 'className'>;
  readonly marks: readonly Mark[];
  readonly x: Axis;
  readonly y: Axis;
}

type Render = NonNullable<CustomSeriesOption['renderItem']>;
type Api = Parameters<Render>[1];
type Draw = (api: Api) => ReturnType<Render>;

const HEIGHT = 360;
const HEAD = 16;
const FOOT = 50;
const LEFT = 62;
const TEXT = 12.5;
const LINE = 16;
/** Radius of the largest area, and of a mark without one. */
const LARGEST = 26;
const PLAIN = 6;

export function radiusOf(area: number | null): number {
  return area === null ? PLAIN : Math.max(3, LARGEST * Math.sqrt(area));
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** In pixels of the box that the grid leaves. */
function spotOf({ x, y }: Mark, plot: ScatterPlot, width: number, right: number): Spot {
  const across = (width - LEFT - right) / (plot.x.max - plot.x.min);
  const down = (HEIGHT - HEAD - FOOT) / (plot.y.max - plot.y.min);
  return { x: LEFT + (x.at - plot.x.min) * across, y: HEAD + (plot.y.max - y.at) * down };
}

/** Where each name stands: right of its mark, above its interval, and lower where another name is in the way. */
export function placeNames(spots: readonly (Spot & { readonly radius: number })[]): Spot[] {
  const placed: Spot[] = [];
  for (const { x, y, radius } of spots) {
    const spot = { x: x + 5 + 0.75 * radius, y: y - 9 - 0.5 * radius };
    const isTaken = (): boolean =>
      placed.some((other) => Math.abs(other.x - spot.x) < 110 && Math.abs(other.y - spot.y) < LINE);
    // Below, until the foot; names that find no room there would cover the axis.
    for (let tries = 0; tries < spots.length && isTaken(); tries += 1) spot.y += LINE;
    placed.push(spot);
  }
  return placed;
}

function drawMark(mark: Mark, name: Spot, label: string): Draw {
  return (api) => {
    const at = (x: number, y: number): Spot => {
      const [left = 0, top = 0] = api.coord([x, y]);
      return { x: left, y: top };
    };
    const centre = at(mark.x.at, mark.y.at);
    const line = (from: Spot, to: Spot) => ({
      type: 'line' as const,
      silent: true,
      shape: { x1: from.x, y1: from.y, x2: to.x, y2: to.y },
      style: { stroke: mark.color, lineWidth: 1.5, fill: 'none' },
    });
    const across =
      mark.x.low === null || mark.x.high === null
        ? []
        : [line(at(mark.x.low, mark.y.at), at(mark.x.high, mark.y.at))];
    const upright =
      mark.y.low === null || mark.y.high === null
        ? []
        : [line(at(mark.x.at, mark.y.low), at(mark.x.at, mark.y.high))];
    const disc = {
      type: 'circle' as const,
      silent: true,
      shape: { cx: centre.x, cy: centre.y, r: radiusOf(mark.area) },
      style: {
        fill: mark.isHollow ? 'none' : mark.color,
        opacity: mark.area === null || mark.isHollow ? 1 : 0.35,
        stroke: mark.color,
        lineWidth: 2,
      },
    };
    const words = {
      type: 'text' as const,
      silent: true,
      style: {
        text: label,
        x: name.x,
        y: name.y,
        fill: mark.color,
        fontSize: TEXT,
        fontWeight: 600,
        align: 'left' as const,
        verticalAlign: 'middle' as const,
      },
    };
    return { type: 'group' as const, children: [disc, ...across, ...upright, words] };
  };
}

function option(plot: ScatterPlot, width: number) {
  const labels = plot.marks.map(({ name }) => shorten(name, width === slim ? 10 : 24));
  const right = 20 + widthOf(labels, width === slim ? 80 : 180);
  const spots = plot.marks.map((mark) => ({
    ...spotOf(mark, plot, width, right),
    radius: radiusOf(mark.area),
  }));
  const names = placeNames(spots);
  const draws = plot.marks.map((mark, at) => drawMark(mark, names[at] ?? { x: 0, y: 0 }, labels[at] ?? ''));
  const series: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    clip: false,
    data: draws.map(() => [plot.x.min, plot.y.min]),
    renderItem: (params, api) => draws[params.dataIndex]?.(api),
  };
  const axis = ({ min, max, interval, name, formatTick }: Axis) => ({
    type: 'value' as const,
    min,
    max,
    interval,
    name,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: 'var(--muted)', fontSize: TEXT },
    axisLabel: { color: 'var(--muted)', fontSize: TEXT, formatter: formatTick },
    splitLine: { lineStyle: { color: 'var(--line)' } },
    axisLine: { show: false },
    axisTick: { show: false },
  });
  return {
    animation: false,
    grid: { left: LEFT, right, top: HEAD, bottom: FOOT, containLabel: false },
    xAxis: { ...axis(plot.x), nameGap: 30 },
    yAxis: { ...axis(plot.y), nameGap: 44 },
    series: [series],
  };
}

/** Two inline SVGs, of which the style sheet shows one. */
export function drawScatter(plot: ScatterPlot): string {
  return drawTwice({ text: plot.text, height: HEIGHT, option: (width) => option(plot, width) });
}
