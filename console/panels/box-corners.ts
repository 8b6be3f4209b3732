/** Edges on a canvas. */
export type CanvasBox = readonly [x0: number, y0: number, x1: number, y1: number];

/** Draws the corners of a box, white on a dark line: to be seen on water and on concrete. `width` is that of the white; CSS pixels. */
export const drawCorners = (
  ctx: CanvasRenderingContext2D,
  [x0, y0, x1, y1]: CanvasBox,
  width = 1.6,
): void => {
  const arm = Math.max(4, Math.min(11, (x1 - x0) / 3, (y1 - y0) / 3));
  const corners = [
    [x0, y0, 1, 1],
    [x1, y0, -1, 1],
    [x1, y1, -1, -1],
    [x0, y1, 1, -1],
  ] as const;
  for (const [colour, line] of [
    ["rgb(0 0 0 / 55%)", width + 1.9],
    ["#ffffff", width],
  ] as const) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = line;
    ctx.beginPath();
    for (const [cx, cy, right, down] of corners) {
      ctx.moveTo(cx + right * arm, cy);
      ctx.lineTo(cx, cy);
      ctx.lineTo(cx, cy + down * arm);
    }
    ctx.stroke();
  }
};
