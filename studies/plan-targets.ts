import { openDataset } from "../datasets/dataset.ts";
import { groundDistance, planOverflights, type CameraReach, type Unseen } from "../planning/overflight.ts";
import type { ContactPlan } from "../pipeline/orbit/contact.ts";
import { subPoint } from "../pipeline/orbit/propagator.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { sunElevation } from "../pipeline/orbit/sun.ts";
import { pixelToLonLat } from "../pipeline/raster/georeference.ts";
import {
  degrees,
  seconds,
  type Degrees,
  type Instant,
  type Metres,
  type Seconds,
} from "../pipeline/units.ts";

/** A scene of a dataset and who sees it first. */
export interface SeenTarget {
  readonly scene: string;
  readonly place: { readonly longitude: Degrees; readonly latitude: Degrees };
  readonly satellite: string;
  readonly at: Instant;
  /** Height of the Sun over it then. */
  readonly sun: Degrees;
  /** From the point under the satellite to its middle. */
  readonly offTrack: Metres;
  /** The first station that hears the satellite from then on, and after how long; `null`: none within the horizon. */
  readonly heard: { readonly station: string; readonly after: Seconds } | null;
}

/** Overflights of a dataset's scenes within a plan's horizon. */
export interface PlannedTargets {
  readonly dataset: string;
  readonly seen: readonly SeenTarget[];
  readonly unseen: readonly Unseen[];
  /** What was taken of the camera because nobody states it. */
  readonly assumed: readonly string[];
}

/** The first contact that a satellite has from a moment on, one that is open then included. */
const heardOf = ({ contacts }: ContactPlan, satellite: string, at: Instant): SeenTarget["heard"] => {
  const next = contacts.find((contact) => contact.satellite === satellite && contact.los > at);
  return next === undefined ? null : { station: next.station, after: seconds(Math.max(0, next.aos - at)) };
};

/**
 * Who sees each scene of a dataset first within the plan, and which station hears that satellite next. Scenes without a place, or out of
 * reach, are listed. Throws `SwathError("dataset")` for a dataset that cannot be read.
 */
export const planTargets = async (
  dataset: string,
  camera: { readonly reach: CameraReach; readonly assumed: readonly string[] },
  satellites: readonly Satellite[],
  plan: ContactPlan,
): Promise<PlannedTargets> => {
  await using opened = await openDataset(dataset, { strict: false });
  const targets = opened.scenes.map(({ id, georeference, width, height, acquiredAt }) => {
    if (georeference === null) return { scene: id, acquiredAt, centre: null };
    const [longitude, latitude] = pixelToLonLat(georeference, width / 2, height / 2);
    return { scene: id, acquiredAt, centre: { longitude: degrees(longitude), latitude: degrees(latitude) } };
  });
  const places = new Map(targets.map(({ scene, centre }) => [scene, centre]));
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  const { seen, unseen } = planOverflights({
    camera: camera.reach,
    scenes: targets,
    satellites,
    from: plan.from,
    until: plan.to,
  });
  const rows = seen.flatMap(({ scene, satellite, at }): readonly SeenTarget[] => {
    const [place, orbit] = [places.get(scene), byId.get(satellite)];
    if (place === null || place === undefined || orbit === undefined) return [];
    return [
      {
        scene,
        place,
        satellite,
        at,
        sun: sunElevation(place.longitude, place.latitude, at),
        offTrack: groundDistance(subPoint(orbit, at), place),
        heard: heardOf(plan, satellite, at),
      },
    ];
  });
  return {
    dataset: opened.name,
    seen: rows.toSorted((a, b) => a.at - b.at),
    unseen,
    assumed: camera.assumed,
  };
};
