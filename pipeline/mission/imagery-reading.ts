/** How imagery is to be read where its files do not say it, or say it wrongly; absent is as the files have it. Part of what a run is. */
export interface ImageryReading {
  /** Names for the bands of multi-band files, in their order. */
  readonly bandNames?: readonly string[];
  /** Reflectance of one count. */
  readonly reflectanceScale?: number;
  /** Reflectance of a count of 0. */
  readonly reflectanceOffset?: number;
}
