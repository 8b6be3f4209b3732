import { type AnyRow, type Row, type TableShape, tableOf, TextList } from "../../pipeline/column-file.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { bitsAvailable, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { missionTables } from "../../pipeline/mission/mission-tables.ts";
import { noAcquisition, noSatellite, noScene, planTables } from "../../pipeline/mission/plan-tables.ts";
import type { MeshPlan } from "../../pipeline/mission/run-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ContactPlan, GroundStation } from "../../pipeline/orbit/contact.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import { type Georeference, pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { groundPixel } from "../../pipeline/raster/pixel-size.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { degrees, type Degrees, type Instant } from "../../pipeline/units.ts";
import type { Numbering } from "./fact-rows.ts";
import { writePart, type WrittenPart } from "./mission-parts.ts";

/** All of a run that is known before it begins, as far as a page shows it. */
export interface PlanSource {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly contacts: ContactPlan;
  readonly mesh: MeshPlan | null;
  readonly rate: LinkRate;
  readonly protection: LinkProtection;
  readonly acquisitions: readonly Acquisition[];
  /** `null`: a simulation, whose pictures show nothing. */
  readonly scenes: readonly Scene[] | null;
  /** Absent in a mission without orders. */
  readonly orders?: OrderPlan;
}

const numbered = (ids: readonly string[]) => {
  const places = new Map(ids.map((id, place) => [id, place]));
  return (id: string): number => places.get(id) ?? 0;
};

/** How the record of a plan counts satellites, stations and contacts. */
export const numberingOf = ({
  satellites,
  stations,
  contacts,
}: Pick<PlanSource, "contacts"> & {
  readonly satellites: readonly { readonly id: string }[];
  readonly stations: readonly { readonly id: string }[];
}): Numbering => ({
  from: contacts.from,
  satellite: numbered(satellites.map(({ id }) => id)),
  station: numbered(stations.map(({ id }) => id)),
  contact: numbered(contacts.contacts.map(({ id }) => id)),
});

type PlanName = keyof typeof planTables;

const planPart = (name: PlanName, rows: readonly AnyRow[], span: readonly [number, number]): WrittenPart => {
  const texts = new TextList();
  const table = tableOf(missionTables[name] as TableShape, rows, texts);
  const [from_s, to_s] = span;
  return writePart(`plan-${name}.bin`, { [name]: table }, texts.texts, {
    before: { [name]: 0 },
    from_s,
    to_s,
  });
};

interface Place {
  readonly longitude: Degrees;
  readonly latitude: Degrees;
}

const placeAt = (georeference: Georeference | null, x: number, y: number): Place => {
  const [longitude, latitude] =
    georeference === null ? [degrees(NaN), degrees(NaN)] : pixelToLonLat(georeference, x, y);
  return { longitude: degrees(longitude), latitude: degrees(latitude) };
};

const sceneRow = ({ id, width, height, georeference, acquiredAt }: Scene): Row<typeof planTables.scenes> => {
  const at = (x: number, y: number): Place => placeAt(georeference, x, y);
  const [centre, a, b, c, d] = [
    at(width / 2, height / 2),
    at(0, 0),
    at(width, 0),
    at(width, height),
    at(0, height),
  ];
  const pixel = georeference === null ? null : groundPixel(georeference, width / 2, height / 2);
  return {
    name: id,
    width_px: width,
    height_px: height,
    longitude_deg: centre.longitude,
    latitude_deg: centre.latitude,
    longitude_0_deg: a.longitude,
    latitude_0_deg: a.latitude,
    longitude_1_deg: b.longitude,
    latitude_1_deg: b.latitude,
    longitude_2_deg: c.longitude,
    latitude_2_deg: c.latitude,
    longitude_3_deg: d.longitude,
    latitude_3_deg: d.latitude,
    pixel_width_m: pixel?.across ?? Number.NaN,
    pixel_height_m: pixel?.down ?? Number.NaN,
    recorded_s: acquiredAt ?? Number.NaN,
  };
};

/** Orders as they were given, those that the ground refused among them. */
const orderRows = (
  { planned, refused }: OrderPlan,
  from: Instant,
  satelliteOf: (id: string) => number,
): readonly Row<typeof planTables.orders>[] =>
  [
    ...planned.map(({ order, satellite, acquisition }) => {
      const { bbox } = order.body as { readonly bbox?: BoundingBox | null };
      const [west, south, east, north] = bbox ?? [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
      return {
        at_s: order.issuedAt - from,
        deadline_s: order.deadline - from,
        order: order.id,
        kind: order.kind,
        tenant: order.tenant,
        satellite: satelliteOf(satellite),
        priority: order.priority,
        west_deg: west,
        south_deg: south,
        east_deg: east,
        north_deg: north,
        acquisition: acquisition ?? noAcquisition,
        refused: "",
      };
    }),
    ...refused.map(({ id, field, wanted, got }) => ({
      at_s: 0,
      deadline_s: Number.NaN,
      order: id ?? "",
      kind: "",
      tenant: "",
      satellite: noSatellite,
      priority: 0,
      west_deg: Number.NaN,
      south_deg: Number.NaN,
      east_deg: Number.NaN,
      north_deg: Number.NaN,
      acquisition: noAcquisition,
      refused: `${field}: wanted ${wanted}, got ${got}`,
    })),
    // Parts of a model go up by the hundred: the order that they are for stands for them.
  ]
    .filter(({ kind }) => kind !== "model-piece")
    .toSorted((a, b) => a.at_s - b.at_s);

/** The files of a plan. */
export const planParts = (
  source: PlanSource,
): { readonly plan: MissionHead["plan"]; readonly files: readonly WrittenPart["file"][] } => {
  const { satellites, contacts, mesh, rate, acquisitions } = source;
  const { from, to } = contacts;
  const span: readonly [number, number] = [0, to - from];
  const numbering = numberingOf(source);
  const scenes = source.scenes ?? [];
  const sceneOf = new Map(scenes.map((scene, place) => [scene.id, { scene, place }]));
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  const orbits = satellites.map(({ epoch, catalogNumber, elements }) => ({
    epoch_s: epoch,
    catalog_number: catalogNumber,
    mean_motion_rev_per_day: elements.meanMotion,
    eccentricity: elements.eccentricity,
    inclination_deg: elements.inclination,
    right_ascension_deg: elements.rightAscension,
    argument_of_perigee_deg: elements.argumentOfPerigee,
    mean_anomaly_deg: elements.meanAnomaly,
    drag_per_earth_radius: elements.drag,
  }));
  const contactRows = contacts.contacts.map((contact) => ({
    from_s: contact.aos - from,
    locked_s: contact.lockedAt - from,
    to_s: contact.los - from,
    satellite: numbering.satellite(contact.satellite),
    station: numbering.station(contact.station),
    antenna: contact.antenna,
    max_elevation_deg: contact.maxElevation,
    capacity_bytes: bitsAvailable(contact, rate, contact.lockedAt, contact.los) / 8,
  }));
  const links = (mesh?.crosslinks.links ?? []).map((link) => ({
    pointing_s: link.pointingFrom - from,
    from_s: link.from - from,
    to_s: link.to - from,
    a: numbering.satellite(link.a),
    b: numbering.satellite(link.b),
    min_range_m: link.minRange,
    max_range_m: link.maxRange,
  }));
  links.sort((a, b) => a.pointing_s - b.pointing_s);
  const taken = acquisitions.map(({ satellite, scene, at }) => {
    const known = sceneOf.get(scene);
    const orbit = byId.get(satellite);
    const place =
      known !== undefined
        ? placeAt(known.scene.georeference, known.scene.width / 2, known.scene.height / 2)
        : orbit === undefined
          ? placeAt(null, 0, 0)
          : subPoint(orbit, at);
    return {
      at_s: at - from,
      satellite: numbering.satellite(satellite),
      scene: known?.place ?? noScene,
      sun_elevation_deg: sunElevation(place.longitude, place.latitude, at),
      longitude_deg: place.longitude,
      latitude_deg: place.latitude,
    };
  });
  const parts = {
    orbits: planPart("orbits", orbits, span),
    contacts: planPart("contacts", contactRows, span),
    crosslinks: mesh === null ? null : planPart("crosslinks", links, span),
    scenes: planPart("scenes", scenes.map(sceneRow), span),
    acquisitions: planPart("acquisitions", taken, span),
    orders:
      source.orders === undefined
        ? null
        : planPart("orders", orderRows(source.orders, from, numbering.satellite), span),
  };
  return {
    plan: {
      orbits: parts.orbits.part,
      contacts: parts.contacts.part,
      crosslinks: parts.crosslinks?.part ?? null,
      scenes: parts.scenes.part,
      acquisitions: parts.acquisitions.part,
      ...(parts.orders === null ? {} : { orders: parts.orders.part }),
    },
    files: Object.values(parts).flatMap((written) => (written === null ? [] : [written.file])),
  };
};
