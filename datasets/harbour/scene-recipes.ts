import type { Seeded } from "../../pipeline/seeded.ts";
import { type Instant, instant, parseInstant } from "../../pipeline/units.ts";
import type { SceneRecipe } from "./render.ts";

/** A scene to render: its name, place, time and contents. */
export interface PlannedScene {
  readonly id: string;
  readonly recipe: SceneRecipe;
  /** Upper left corner in UTM zone 31 north, metres. */
  readonly easting: number;
  readonly northing: number;
  readonly acquiredAt: Instant;
}

const kinds = ["port", "bay", "overcast", "offshore"] as const;
type Kind = (typeof kinds)[number];

/** Sentinel-2 passes at about 10:40 local time and comes back every five days. */
const firstPass = parseInstant("2025-06-03T10:41:27Z") ?? instant(0);
const revisit = 5 * 86_400;

const between = (rng: Seeded, low: number, high: number): number => low + (high - low) * rng.uniform();

const recipeOf = (kind: Kind, size: number, rng: Seeded): SceneRecipe => {
  // Morning sun in the south-east, shadows to the north-west; clouds of 700 … 1,500 m.
  const reach = between(rng, 40, 85);
  const sky = { cover: 0, shadowX: Math.round(-0.62 * reach), shadowY: Math.round(-0.78 * reach) };
  const sea = {
    glint: between(rng, 0.002, 0.006),
    wind: between(rng, 0.5, 1),
    swell: between(rng, 0.0001, 0.0004),
    swellLength: between(rng, 8, 14),
    swellAngle: between(rng, 0, 2 * Math.PI),
    silt: between(rng, 0.05, 0.35),
  };
  const coast = {
    // The sea lies to the south-east or east: shores then face the light, as on the western Mediterranean.
    seaward: between(rng, -0.3, 1.5),
    shift: between(rng, -0.3, 0.02),
    roughness: between(rng, 55, 95),
  };
  const land = { town: between(rng, 420, 640), hills: between(rng, 0.2, 0.7) };
  const common = { size, coast, land, sea, whitecaps: 0 };
  if (kind === "port") {
    return { ...common, sky: { ...sky, haze: 0.25 }, fleet: { moored: 6, anchored: 5, moving: 4 } };
  }
  if (kind === "bay") {
    const hazy = { ...sky, cover: 0.06, haze: 0.9 };
    const wide = { ...coast, seaward: between(rng, 1.9, 3.4), roughness: between(rng, 90, 130) };
    return { ...common, coast: wide, sky: hazy, fleet: { moored: 4, anchored: 4, moving: 3 } };
  }
  if (kind === "overcast") {
    return {
      ...common,
      sky: { ...sky, cover: 0.68, haze: 0.6 },
      fleet: { moored: 3, anchored: 3, moving: 2 },
    };
  }
  const rough = { ...sea, glint: between(rng, 0.008, 0.014), wind: 1.3, swell: 0.0011, silt: 0 };
  return {
    ...common,
    coast: null,
    sea: rough,
    whitecaps: 260,
    sky: { ...sky, cover: 0.03, haze: 0.4 },
    fleet: { moored: 0, anchored: 0, moving: 4 },
  };
};

/** Plans `count` scenes of `size` × `size` pixels: ports, bays, an overcast coast, the open sea, over and over. */
export const planScenes = (count: number, size: number, rng: Seeded): readonly PlannedScene[] =>
  Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length] ?? "port";
    const own = rng.split("scene", i);
    return {
      id: `${kind}-${String(i + 1).padStart(2, "0")}`,
      recipe: recipeOf(kind, size, own.split("recipe")),
      // Somewhere off the Balearic coast; scenes side by side, so that no two share ground.
      easting: 420_000 + (i % 4) * 20_000,
      northing: 4_480_000 + Math.floor(i / 4) * 20_000,
      acquiredAt: instant(firstPass + Math.floor(i / 4) * revisit + (i % 4) * 4),
    };
  });
