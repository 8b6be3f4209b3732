import type { OutlinePx } from "../../../pipeline/detection/outline.ts";
import type { BoxPx } from "../../../pipeline/detection/box.ts";
import type { PixelWindow } from "../../../pipeline/raster/raster.ts";
import type { Degrees, Instant, Metres, Seconds } from "../../../pipeline/units.ts";
import type { RunSummary } from "../../summary/run-summary.ts";
import type { GroundTrack } from "../drawing/world-map.ts";
import type { PlatformTrace } from "./platform-chart.ts";

/** One contact of the plan and what each policy sent in it. */
export interface ReportContact {
  readonly satellite: string;
  readonly station: string;
  readonly aos: Instant;
  readonly los: Instant;
  /** Coded bytes on the link; a policy that sent nothing may be missing. */
  readonly bytesByPolicy: Readonly<Record<string, number>>;
}

/** A box in a picture and what became of it. */
export interface PictureBox {
  /** `plain`: nobody labelled the scene, so it is neither right nor wrong. */
  readonly kind: "found" | "missed" | "alarm" | "plain";
  readonly className: string;
  /** `null` for a label. */
  readonly score: number | null;
  /** In pixels of the scene. */
  readonly boxPx: BoxPx;
  readonly outlinePx?: OutlinePx;
}

/** A picture of a scene, or of the part of it that shows most. */
export interface ScenePicture {
  /** `data:image/webp;base64,…` or JPEG; anything else is refused. */
  readonly imageDataUri: string;
  /** The part of the scene that it shows. */
  readonly window: PixelWindow;
  /** Side of a pixel of the scene on the ground; `null` when unknown. */
  readonly pixelSize: Metres | null;
  readonly boxes: readonly PictureBox[];
}

/** What the leading policy's detections came to against the labels of one scene, at the model's threshold. */
export interface SceneMarks {
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

/** One acquisition: who saw what when, and what of it came down. */
export interface ReportScene {
  readonly scene: string;
  readonly width: number;
  readonly height: number;
  readonly place: { readonly longitude: Degrees; readonly latitude: Degrees } | null;
  readonly takenAt: Instant;
  readonly satellite: string;
  /** Height of the Sun over the middle of the scene; `null` without a place. */
  readonly sun: Degrees | null;
  /** From the point under the satellite to the middle of the scene; `null` without a place. */
  readonly offTrack: Metres | null;
  /** When the imagery itself was recorded. */
  readonly recordedAt: Instant | null;
  readonly platform: string | null;
  /** Whether the model was trained on it; `null` where its card does not say. */
  readonly trainedOn: boolean | null;
  /** From the picture until all that the policy sends of it could be had; `null`: it never came. */
  readonly delays: Readonly<Record<string, Seconds | null>>;
  /** Whom the last of the leading policy's products came down to; `null`: nothing came. */
  readonly station: string | null;
  /** Detections of the leading policy on the ground. */
  readonly detections: number;
  /** `null` where nobody labelled it. */
  readonly marks: SceneMarks | null;
  /** `null`: not drawn, or drawn under an earlier acquisition of the same scene. */
  readonly picture: ScenePicture | null;
}

/** Everything that the report shows. */
export interface ReportInput {
  readonly summary: RunSummary;
  /** What each policy sends, in a sentence, for the words of the page. */
  readonly policyWords: readonly (readonly [policy: string, sends: string])[];
  /** Every acquisition, in the order of the schedule. */
  readonly scenes: readonly ReportScene[];
  /** The pass of each scene, some minutes each way; none where no satellite was over what it photographed. */
  readonly tracks: readonly GroundTrack[];
  readonly contacts: readonly ReportContact[];
  /** Of the satellite whose battery came lowest under any policy, one a policy; none where nobody kept books. */
  readonly platform: readonly PlatformTrace[];
  /** What a reader must know: sentences of the run about what was left out or assumed. */
  readonly notes?: readonly string[];
  /** Files beside the page, by their paths from it. */
  readonly files: readonly { readonly paths: readonly string[]; readonly what: string }[];
  /** The command that makes this run again, and its whole configuration as text (YAML). */
  readonly reproduce: { readonly command: string; readonly configuration: string };
}
