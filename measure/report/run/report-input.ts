import type { Label } from "../../../pipeline/detection/detection.ts";
import type { RunSummary } from "../../summary/run-summary.ts";
import type { PlatformTrace } from "./platform-chart.ts";
import type { Instant } from "../../../pipeline/units.ts";
import type { NamedDetection } from "../../../pipeline/detection/named-detection.ts";

/** One contact of the plan and what each policy sent in it. */
export interface ReportContact {
  readonly satellite: string;
  readonly station: string;
  readonly aos: Instant;
  readonly los: Instant;
  /** Coded bytes on the link; a policy that sent nothing may be missing. */
  readonly bytesByPolicy: Readonly<Record<string, number>>;
}

/** A picture of (part of) a scene with what people marked and what each policy brought down, in pixels of the picture. */
export interface ReportScene {
  readonly title: string;
  /** `data:image/webp;base64,…` or JPEG; anything else is refused. */
  readonly imageDataUri: string;
  readonly width: number;
  readonly height: number;
  /** Metres on the ground for a pixel of the picture; `null` when unknown. */
  readonly metresPerPixel: number | null;
  /** `null` when the dataset has no labels. */
  readonly labels: readonly Label[] | null;
  readonly detections: readonly {
    readonly policy: string;
    /** Where the model ran. */
    readonly where: "onboard" | "ground";
    readonly found: readonly NamedDetection[];
  }[];
}

/** Everything that the report shows. */
export interface ReportInput {
  readonly summary: RunSummary;
  /** What each policy sends, in a sentence, for the words of the page. */
  readonly policyWords: readonly (readonly [policy: string, sends: string])[];
  readonly scenes: readonly ReportScene[];
  readonly contacts: readonly ReportContact[];
  /** Of the satellite whose battery came lowest under any policy, one a policy; none where nobody kept books. */
  readonly platform: readonly PlatformTrace[];
  /** What a reader must know: sentences of the run about what was left out or assumed. */
  readonly notes?: readonly string[];
  /** The command that makes this run again, and its whole configuration as text (YAML). */
  readonly reproduce: { readonly command: string; readonly configuration: string };
}
