/** What an element of a closed orbit may be: in words, and as a test. */
export interface ElementBound {
  readonly wanted: string;
  readonly allows: (value: number) => boolean;
}

/** Elements beyond these would cost time and memory before SGP4 gives up, or are no angles at all. */
export const elementBounds = {
  meanMotion: {
    wanted: "more than 0 and at most 18 revolutions a day",
    allows: (n) => n > 0 && n <= 18,
  },
  eccentricity: { wanted: "0 ≤ e < 1", allows: (e) => e >= 0 && e < 1 },
  inclination: { wanted: "0 … 180 degrees", allows: (i) => i >= 0 && i <= 180 },
  angle: { wanted: "-360 … 360 degrees", allows: (angle) => angle >= -360 && angle <= 360 },
  catalogNumber: {
    wanted: "a whole number of up to nine digits",
    allows: (n) => Number.isInteger(n) && n >= 0 && n <= 999_999_999,
  },
} as const satisfies Record<string, ElementBound>;
