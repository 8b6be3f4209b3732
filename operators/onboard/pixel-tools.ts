import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import type { ModelPorts } from "../updates/model-keeper.ts";
import type { TileCodec } from "../../pipeline/product/tile-codec.ts";
import type { SceneErrors } from "../../pipeline/raster/scene-errors.ts";
import type { SceneSource } from "../../pipeline/raster/scene.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ComputedWork } from "./computed-work.ts";

/** What works on pixels on board: made once by the process that satellites live in, and theirs in common. */
export interface PixelTools {
  readonly source: SceneSource;
  /** Null when the policy detects on the ground. */
  readonly detector: Detector | null;
  /** Null when nothing is screened by a model. */
  readonly judge: CloudJudge | null;
  readonly codec: TileCodec;
  /** Tiles of one satellite under way at once: read ahead, in the model, in an encoder. */
  readonly inFlight: number;
  readonly sceneErrors: SceneErrors;
  /** What was worked out of a scene before, elsewhere; it gives `null` for one that has to be worked on here. */
  readonly computed?: ((acquisition: Acquisition) => Promise<ComputedWork | null>) | undefined;
  /** How models that come up are proven and loaded; absent where none may come. */
  readonly models?: ModelTools;
}

/** What satellites know of models before any comes up, and how one is made of what does. */
export type ModelTools = Pick<ModelPorts, "trust" | "unpack" | "noteOrder" | "open"> & {
  /** The model that satellites are launched with, as files. */
  readonly launched: {
    readonly model: string;
    readonly sha256: string;
    readonly files: ReadonlyMap<string, Uint8Array>;
  };
};
