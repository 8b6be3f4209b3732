import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useConsole } from "../page/console-context.ts";
import { Sheet, type Surface } from "../page/sheet.tsx";
import type { DetectionFacts } from "../reading/detection-facts.ts";

/** A chip that came down, with square pixels and the corners of the box round what was found. */
export const ChipPicture = ({ src, facts }: { readonly src: string; readonly facts: DetectionFacts }) => {
  const { desk } = useConsole();
  const image = useSignal<HTMLImageElement | null>(null);
  const failed = useSignal(false);
  const palette = useComputed(() => desk.look.palette.value);
  useEffect(() => {
    image.value = null;
    failed.value = false;
    const loading = new Image();
    loading.onload = () => (image.value = loading);
    loading.onerror = () => (failed.value = true);
    loading.src = src;
    return () => {
      loading.onload = null;
      loading.onerror = null;
    };
  }, [src]);
  const draw = ({ ctx, width, height }: Surface): void => {
    const loaded = image.value;
    const { chip, boxPx } = facts;
    if (loaded === null || chip === null) return;
    // The whole chip, as large as fits, its pixels square and sharp.
    const scale = Math.max(width / loaded.width, height / loaded.height);
    const [x, y] = [(width - loaded.width * scale) / 2, (height - loaded.height * scale) / 2];
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(loaded, x, y, loaded.width * scale, loaded.height * scale);
    const perPixel = (loaded.width * scale) / chip.widthPx;
    const [x0, y0, x1, y1] = [
      x + (boxPx[0] - chip.xPx) * perPixel,
      y + (boxPx[1] - chip.yPx) * perPixel,
      x + (boxPx[2] - chip.xPx) * perPixel,
      y + (boxPx[3] - chip.yPx) * perPixel,
    ];
    const arm = Math.max(4, Math.min(11, (x1 - x0) / 3, (y1 - y0) / 3));
    const corners = [
      [x0, y0, 1, 1],
      [x1, y0, -1, 1],
      [x1, y1, -1, -1],
      [x0, y1, 1, -1],
    ] as const;
    for (const [colour, line] of [
      ["rgb(0 0 0 / 55%)", 3.5],
      ["#ffffff", 1.6],
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
    ctx.strokeStyle = palette.value.rule;
  };
  if (failed.value)
    return (
      <div class="picture onboard">
        chip
        <br />
        not in the folder
      </div>
    );
  return (
    <div class="picture">
      <Sheet
        className="chip"
        label={`Chip of a ${facts.className}, score ${facts.score.toFixed(3)}`}
        draw={draw}
      />
    </div>
  );
};
