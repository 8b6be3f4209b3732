import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { messageOf } from "../../pipeline/errors.ts";
import { askBytes } from "../page/ask.ts";
import { scenePicturePath } from "../page/run-session.ts";
import { Sheet, type Surface } from "../page/sheet.tsx";
import type { DetectionFacts } from "../reading/detection-facts.ts";
import { windowRound } from "../reading/scene-window.ts";
import { drawCorners, type CanvasBox } from "./box-corners.ts";

/** What became of asking for a picture. */
type Asked =
  | { readonly state: "under way" }
  | { readonly state: "there"; readonly image: ImageBitmap }
  | { readonly state: "refused"; readonly reason: string };

/** How a picture from the dataset is called wherever it stands. */
export const notSentDown = "from the dataset, not from the downlink";

/** The scene round a detection, as the dataset has it: nothing of it was sent down, and it says so. The box of the detection, the others thin. */
export const SceneAround = ({
  run,
  scene,
  size,
  own,
  others,
}: {
  readonly run: string;
  readonly scene: string;
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  readonly own: DetectionFacts;
  readonly others: readonly DetectionFacts[];
}) => {
  const asked = useSignal<Asked>({ state: "under way" });
  const shown = windowRound(own.boxPx, size);
  const path = scenePicturePath(run, scene, shown);
  useEffect(() => {
    const gone = new AbortController();
    asked.value = { state: "under way" };
    const load = async (): Promise<void> => {
      try {
        const bytes = await askBytes(path, gone.signal);
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/webp" }));
        if (!gone.signal.aborted) asked.value = { state: "there", image };
      } catch (error) {
        if (gone.signal.aborted) return;
        asked.value = { state: "refused", reason: messageOf(error) };
      }
    };
    void load();
    return () => gone.abort();
  }, [path]);
  const draw = ({ ctx, width, height }: Surface): void => {
    const now = asked.value;
    if (now.state !== "there") return;
    const { image } = now;
    const scale = Math.min(width / image.width, height / image.height);
    const [left, top] = [(width - image.width * scale) / 2, (height - image.height * scale) / 2];
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(image, left, top, image.width * scale, image.height * scale);
    const boxOf = ({ boxPx }: DetectionFacts): CanvasBox => [
      left + (boxPx[0] - shown[0]) * scale,
      top + (boxPx[1] - shown[1]) * scale,
      left + (boxPx[2] - shown[0]) * scale,
      top + (boxPx[3] - shown[1]) * scale,
    ];
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, image.width * scale, image.height * scale);
    ctx.clip();
    for (const other of others) drawCorners(ctx, boxOf(other), 0.7);
    drawCorners(ctx, boxOf(own), 2);
    ctx.restore();
  };
  const { state } = asked.value;
  const [x0, y0, x1, y1] = shown;
  return (
    <figure class="around">
      <div class={state === "there" ? "scene" : "scene onboard"} role="status">
        {state === "there" && (
          <Sheet
            className="chip"
            label={`The scene around this ${own.className}, ${notSentDown}`}
            draw={draw}
          />
        )}
        {state === "under way" && "asking the dataset for it"}
        {asked.value.state === "refused" && <span class="trouble">✕ {asked.value.reason}</span>}
      </div>
      {state === "there" && (
        <figcaption>
          <b>{notSentDown}</b>
          <span>
            {x1 - x0} × {y1 - y0} px at {x0}, {y0}
          </span>
        </figcaption>
      )}
    </figure>
  );
};
