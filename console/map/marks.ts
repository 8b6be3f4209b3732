import type { Palette } from "../look/palette.ts";

type Context = CanvasRenderingContext2D;

/** A chevron that points along its way; filled in sunlight, hollow in shadow. `direction` in radians, 0 to the right, clockwise. */
export const drawChevron = (
  ctx: Context,
  palette: Palette,
  x: number,
  y: number,
  direction: number,
  size: number,
  filled: boolean,
): void => {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(direction);
  ctx.beginPath();
  ctx.moveTo(size, 0);
  ctx.lineTo(-0.75 * size, 0.68 * size);
  ctx.lineTo(-0.35 * size, 0);
  ctx.lineTo(-0.75 * size, -0.68 * size);
  ctx.closePath();
  ctx.lineJoin = "miter";
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = filled ? 3 : 4.5;
  ctx.stroke();
  ctx.fillStyle = filled ? palette.ink : palette.panel;
  ctx.fill();
  if (!filled) {
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.4;
    ctx.stroke();
  }
  ctx.restore();
};

/** A station: a small square, filled while it is in contact. */
export const drawSquare = (
  ctx: Context,
  palette: Palette,
  x: number,
  y: number,
  filled: boolean,
  selected: boolean,
): void => {
  const half = filled || selected ? 3.5 : 2.5;
  ctx.fillStyle = filled ? palette.ink : palette.panel;
  ctx.strokeStyle = filled ? palette.panel : palette.ink2;
  ctx.lineWidth = filled ? 2 : 1;
  ctx.beginPath();
  ctx.rect(x - half, y - half, 2 * half, 2 * half);
  if (filled) {
    ctx.stroke();
    ctx.fill();
  } else {
    ctx.fill();
    ctx.stroke();
  }
  if (selected) {
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x - half - 3, y - half - 3, 2 * half + 6, 2 * half + 6);
  }
};

/** A node of which nothing is heard is crossed out. */
export const drawCross = (ctx: Context, palette: Palette, x: number, y: number): void => {
  ctx.strokeStyle = palette.trouble;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x - 5, y - 5);
  ctx.lineTo(x + 5, y + 5);
  ctx.moveTo(x + 5, y - 5);
  ctx.lineTo(x - 5, y + 5);
  ctx.stroke();
};

/** A scene: ring in ink while it lies ahead, coloured ring on board, disc once landed; a bar through it where it was taken at night. */
export const drawScene = (
  ctx: Context,
  palette: Palette,
  x: number,
  y: number,
  stage: "ahead" | "on-board" | "landed",
  fresh: boolean,
  atNight: boolean,
): void => {
  const ring = (radius: number): void => {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
  };
  if (fresh) {
    ring(10);
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 4;
    ctx.stroke();
    ring(10);
    ctx.strokeStyle = palette.detections;
    ctx.lineWidth = 1.8;
    ctx.setLineDash(stage === "landed" ? [] : [4, 3]);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ring(4);
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 3;
  ctx.stroke();
  ring(stage === "landed" ? 4 : 3.5);
  ctx.fillStyle = stage === "landed" ? palette.detections : palette.panel;
  ctx.fill();
  if (stage !== "landed") {
    ctx.strokeStyle = stage === "on-board" ? palette.detections : palette.ink2;
    ctx.lineWidth = stage === "on-board" ? 2 : 1.2;
    ctx.stroke();
  }
  if (atNight && stage !== "ahead") {
    ctx.strokeStyle = stage === "landed" ? palette.panel : palette.detections;
    ctx.lineWidth = 1.6;
    ctx.beginPath();
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
    ctx.stroke();
  }
};

/** Where the Sun stands overhead. */
export const drawSun = (ctx: Context, palette: Palette, x: number, y: number): void => {
  ctx.strokeStyle = palette.ink2;
  ctx.fillStyle = palette.ink2;
  ctx.lineWidth = 1.1;
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 1.3, 0, 2 * Math.PI);
  ctx.fill();
};
