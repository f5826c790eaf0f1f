/** Draws a chart twice, for a wide page and for a telephone; the style sheet shows one. No document is needed. */
import * as echarts from 'echarts/core';
import { type ChartText, cleanseSvg } from './svg.ts';

export const wide = 760;
export const slim = 330;

export interface Drawing {
  readonly text: Omit<ChartText, 'className'>;
  readonly height: number;
  /** What the library is to draw at this width. */
  readonly option: (width: number) => Parameters<ReturnType<typeof echarts.init>['setOption']>[0];
}

/** Two inline SVGs; the same bytes for the same drawing, whatever was drawn before. */
export function drawTwice(drawing: Drawing): string {
  const { text } = drawing;
  const small = { ...text, id: `${text.id}-slim`, className: 'plot slim' };
  return `${draw(drawing, wide, { ...text, className: 'plot' })}\n${draw(drawing, slim, small)}`;
}

function draw({ height, option }: Drawing, width: number, text: ChartText): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option(width));
    return cleanseSvg(chart.renderToSVGString(), text);
  } finally {
    chart.dispose();
  }
}
