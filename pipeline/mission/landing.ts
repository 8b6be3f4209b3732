import type { ProductKind } from "../product/product.ts";
import type { Instant } from "../units.ts";
import type { Detection } from "../detection/detection.ts";
import type { AcquisitionState } from "../../stations/centre/acquisition-state.ts";

/** When a product was ready on board, when its first piece and when its last one came down, and where. */
export interface Arrival {
  readonly kind: ProductKind;
  readonly number: number;
  readonly station: string;
  readonly readyAt: Instant;
  readonly firstAt: Instant;
  readonly completedAt: Instant;
}

/** A detection on the ground, with the product that brought it and when subscribers could have it. */
export interface LandedDetection {
  readonly detection: Detection;
  readonly arrival: Arrival;
  readonly publishedAt: Instant;
}

/** One acquisition as the ground has it in the end. */
export interface LandedAcquisition {
  readonly state: AcquisitionState;
  readonly detections: readonly LandedDetection[];
}
