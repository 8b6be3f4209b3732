import type { Instant, Joules, Seconds } from "../units.ts";
import type { FigureValues } from "../orders/promotion-rule.ts";

/** A model by name and by what it is. */
export interface ModelName {
  readonly model: string;
  /** SHA-256 over its files; of the model that a satellite was launched with, of its network. */
  readonly sha256: string;
}

/** From when on a satellite works with which model. */
export interface ModelChange extends ModelName {
  readonly at: Instant;
  readonly why: "launched" | "installed" | "promoted" | "activated" | "rolled back";
  /** The order that it follows; `null` for none. */
  readonly order: string | null;
}

/** What came of a model that went up. */
export interface ModelTrial extends ModelName {
  readonly order: string;
  /** When all of it was on board and proven. */
  readonly installedAt: Instant;
  /** Acquisitions that both models looked at. */
  readonly acquisitions: number;
  /** What the new model took of the computer meanwhile. */
  readonly computeSeconds: Seconds;
  readonly computeEnergy: Joules;
  readonly figures: { readonly old: FigureValues; readonly next: FigureValues };
  readonly outcome: "promoted" | "rejected" | "failed" | "under way";
  /** Figures that decided, or what failed. */
  readonly why: string;
  readonly endedAt: Instant | null;
  /** Acquisitions at which the model before has looked on since the new one is at work; absent where it was not to. */
  readonly watched?: number;
}

/** The models of one satellite. */
export interface ModelLedger {
  /** In order of time; the first is what it was launched with. */
  readonly changes: readonly ModelChange[];
  readonly trials: readonly ModelTrial[];
  /** Largest number of bytes that uploads and models took of the store. */
  readonly mostBytes: number;
}
