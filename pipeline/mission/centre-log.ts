import type { RunFile } from "../atomic-folder.ts";
import type { PixelWindow } from "../raster/raster.ts";
import type { ProductName } from "./flight-log.ts";
import type { LandedAcquisition, ProductArrival } from "./landing.ts";

/** The image of a detection, as it came down. */
export interface LandedChip {
  /** Place of the detection in its acquisition. */
  readonly detection: number;
  readonly window: PixelWindow;
  /** Named as in the run's folder. */
  readonly file: RunFile;
}

/** Takes in what the mission centre gets, for people who watch; it changes nothing. */
export interface CentreLog {
  /** A product is whole; `satellite` sent it, whoever made it. */
  readonly landed: (satellite: string, product: ProductName, arrival: ProductArrival) => void;
  /** An acquisition is let go: its detections are with the subscribers. */
  readonly published: (landed: LandedAcquisition) => void;
  readonly chips: (acquisition: number, arrival: ProductArrival, chips: readonly LandedChip[]) => void;
}
