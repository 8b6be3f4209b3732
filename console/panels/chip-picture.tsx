import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { mayRead, readingWantsLogin } from "../page/ask.ts";
import { Sheet, type Surface } from "../page/sheet.tsx";
import type { DetectionFacts } from "../reading/detection-facts.ts";
import { drawCorners } from "./box-corners.ts";

/** A chip that came down, with square pixels and the corners of the box round what was found. */
export const ChipPicture = ({ src, facts }: { readonly src: string; readonly facts: DetectionFacts }) => {
  const image = useSignal<HTMLImageElement | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    image.value = null;
    failed.value = false;
    const loading = new Image();
    loading.onload = () => (image.value = loading);
    loading.onerror = () => {
      failed.value = true;
      // An image does not say why it was refused; where the server cannot be reached the header says so.
      mayRead().catch(() => undefined);
    };
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
    drawCorners(ctx, [x0, y0, x1, y1]);
  };
  if (failed.value)
    return (
      <div class="picture onboard">
        chip
        <br />
        {readingWantsLogin.value ? "wants the login" : "not in the folder"}
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
