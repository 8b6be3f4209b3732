import { groundDistance, groundReach, type CameraReach } from "../../planning/overflight.ts";
import { passesIn } from "../../planning/contacts/pass.ts";
import { watchFrom } from "../../planning/contacts/visibility.ts";
import { stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { ecefToGeodetic } from "../../pipeline/orbit/reference-frame.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { degrees, metres, type Instant } from "../../pipeline/units.ts";

/** One way to take an area: who flies over it, and when. */
export interface LookOption {
  readonly satellite: string;
  readonly at: Instant;
}

const covers = (camera: CameraReach, bbox: BoundingBox, ephemeris: Ephemeris, t: Instant): boolean => {
  const { longitude, latitude } = middleOf(bbox);
  const state = new Float64Array(6);
  stateInto(ephemeris, t - ephemeris.from, state);
  const [x = 0, y = 0, z = 0] = state;
  const reach = groundReach(camera, metres(Math.hypot(x, y, z)));
  if (groundDistance(ecefToGeodetic([x, y, z]), { longitude, latitude }) > reach) return false;
  return camera.sunAbove === null || sunElevation(longitude, latitude, t) >= camera.sunAbove;
};

const middleOf = ([west, south, east, north]: BoundingBox) => {
  const width = east >= west ? east - west : east - west + 360;
  const longitude = west + width / 2;
  return {
    longitude: degrees(longitude > 180 ? longitude - 360 : longitude),
    latitude: degrees((south + north) / 2),
  };
};

/** Every overflight of the middle of an area within the camera's reach, by light that it needs, at the closest of each pass; in order of time. */
export const lookOptions = (
  bbox: BoundingBox,
  camera: CameraReach,
  orbits: readonly { readonly satellite: string; readonly ephemeris: Ephemeris }[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly LookOption[] => {
  const watch = watchFrom({
    ...middleOf(bbox),
    id: "area",
    name: "area",
    altitude: metres(0),
    minElevation: degrees(0),
    antennas: 0,
  });
  return orbits
    .flatMap(({ satellite, ephemeris }) =>
      passesIn(satellite, ephemeris, watch)
        .map(({ culmination: at }) => ({ satellite, at }))
        .filter(({ at }) => at > from && at <= to && covers(camera, bbox, ephemeris, at)),
    )
    .toSorted((a, b) => a.at - b.at || (a.satellite < b.satellite ? -1 : 1));
};
