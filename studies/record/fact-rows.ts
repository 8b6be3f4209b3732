import type { LandedChip } from "../../pipeline/mission/centre-log.ts";
import type { FlightFact, ProductMade, ProductName } from "../../pipeline/mission/flight-log.ts";
import type { LandedAcquisition, ProductArrival } from "../../pipeline/mission/landing.ts";
import type { Wait } from "../../pipeline/mission/body-ledger.ts";
import type { MissionRow, MissionTableName } from "../../pipeline/mission/mission-tables.ts";
import { productKinds, type ProductKind } from "../../pipeline/product/product.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import type { Instant } from "../../pipeline/units.ts";

/** A row whose product, where it speaks of one, is still a name. */
export type NamedRow = {
  [Name in MissionTableName]: {
    readonly table: Name;
    readonly row: Omit<MissionRow<Name>, "product">;
    readonly product?: ProductName | null;
  };
}[MissionTableName];

/** How the record counts what a run names. */
export interface Numbering {
  readonly from: Instant;
  readonly satellite: (id: string) => number;
  readonly station: (id: string) => number;
  readonly contact: (id: string) => number;
}

const row = <Name extends MissionTableName>(
  table: Name,
  values: Omit<MissionRow<Name>, "product">,
  product?: ProductName | null,
): NamedRow => (product === undefined ? { table, row: values } : { table, row: values, product }) as NamedRow;

/** The place of a kind in the head's `kinds`. */
const kindOf = (kind: ProductKind): number => productKinds.indexOf(kind);

const productRow = (numbering: Numbering, satellite: string, made: ProductMade): NamedRow =>
  row("products", {
    at_s: made.readyAt - numbering.from,
    satellite: numbering.satellite(satellite),
    kind: kindOf(made.kind),
    acquisition: made.acquisition,
    tile: made.tile ?? -1,
    bytes: made.size,
    value: made.value,
    asked_s: made.askedAt === null ? Number.NaN : made.askedAt - numbering.from,
  });

const acquisitionRows = (
  numbering: Numbering,
  satellite: string,
  { acquisition, record, products }: Extract<FlightFact, { type: "acquisition" }>,
): NamedRow[] => {
  const since = (t: Instant): number => t - numbering.from;
  const own = numbering.satellite(satellite);
  const { index, failure, samples, sensorBytes, tiles, upsets } = record;
  const rows = [
    row("captures", {
      acquisition: index,
      satellite: numbering.satellite(record.origin ?? satellite),
      at_s: since(acquisition.at),
      samples,
      sensor_bytes: sensorBytes,
      tiles,
      failure: failure ?? "",
    }),
  ];
  if (failure !== null) {
    rows.push(
      row(
        "losses",
        { acquisition: index, satellite: own, at_s: since(acquisition.at), reason: "unreadable", bytes: 0 },
        null,
      ),
    );
    return rows;
  }
  const lost = upsets?.lostBytes ?? 0;
  rows.push(
    row("computes", {
      acquisition: index,
      satellite: own,
      at_s: since(record.startedAt),
      to_s: since(record.readyAt),
      model_tiles: record.modelTiles,
      empty_tiles: record.emptyTiles,
      cloudy_tiles: record.cloudyTiles,
      lost_tiles: upsets?.lostTiles ?? 0,
      detections: record.detections,
      dropped_bytes: record.emptyBytes + record.cloudyBytes + lost,
      products: products.length,
      product_bytes: products.reduce((sum, { size }) => sum + size, 0),
      lossless_bytes: record.losslessBytes ?? Number.NaN,
      work_s: record.computeSeconds,
    }),
  );
  if (lost > 0)
    rows.push(
      row(
        "losses",
        { acquisition: index, satellite: own, at_s: since(record.readyAt), reason: "radiation", bytes: lost },
        null,
      ),
    );
  for (const made of products) rows.push(productRow(numbering, satellite, made));
  return rows;
};

/** Of a text that a node tells. */
const longestText = 500;

/** What one satellite told, as rows. */
export const flightRows = (
  numbering: Numbering,
  satellite: string,
  fact: FlightFact,
): readonly NamedRow[] => {
  const since = (t: Instant): number => t - numbering.from;
  const self = numbering.satellite(satellite);
  switch (fact.type) {
    case "acquisition":
      return acquisitionRows(numbering, satellite, fact);
    case "requests":
      return [
        ...fact.answers.map(({ acquisition, tile, at, answer }) =>
          row("requests", { at_s: since(at), acquisition, tile, satellite: self, answer }),
        ),
        ...fact.products.map((made) => productRow(numbering, satellite, made)),
      ];
    case "turn": {
      const contact = numbering.contact(fact.contact);
      const station = numbering.station(fact.contact.split(".")[1] ?? "");
      const common = { at_s: since(fact.from), to_s: since(fact.to), contact, satellite: self, station };
      return [
        row("turns", {
          ...common,
          frames: fact.frames,
          lost_frames: fact.lostFrames,
          heard: fact.heard ? 1 : 0,
          bytes: fact.bytes,
          resent_bytes: fact.resentBytes,
        }),
        ...productKinds.flatMap((kind) => {
          const bytes = fact.carried[kind];
          return bytes === undefined ? [] : [row("sends", { ...common, kind: kindOf(kind), bytes })];
        }),
      ];
    }
    case "evicted": {
      const { at, product, bytes, reason } = fact;
      const { acquisition } = product;
      return [row("losses", { at_s: since(at), satellite: self, reason, acquisition, bytes }, product)];
    }
    case "given up": {
      const { at, acquisition, bytes } = fact;
      const reason = "capture-given-up";
      return [row("losses", { at_s: since(at), satellite: self, reason, acquisition, bytes }, null)];
    }
    case "route":
      return [
        row(
          "routes",
          {
            at_s: since(fact.at),
            from: self,
            to: numbering.satellite(fact.to),
            handover_s: since(fact.handOverAt),
            station: numbering.station(fact.station),
            landing_s: since(fact.landsAt),
          },
          fact.product,
        ),
      ];
    case "handed over": {
      const { at, product, bytes, to, hops } = fact;
      return [
        row("handovers", { at_s: since(at), from: self, to: numbering.satellite(to), bytes }, product),
        ...hops.map((hop) =>
          row(
            "hops",
            {
              at_s: since(hop.start),
              to_s: since(hop.end),
              from: numbering.satellite(hop.from),
              to: numbering.satellite(hop.to),
              bytes,
            },
            product,
          ),
        ),
      ];
    }
    case "order": {
      const { order, state, why } = fact;
      return [
        row("order_states", {
          at_s: since(fact.at),
          satellite: self,
          order,
          state,
          why: why.slice(0, longestText),
        }),
      ];
    }
    case "model": {
      const { model, sha256: digest, why, order } = fact;
      return [
        row("models", { at_s: since(fact.at), satellite: self, model, digest, why, order: order ?? "" }),
      ];
    }
    case "payment": {
      const { acquisition, tenant, charged, reserved, refused } = fact;
      return [
        row("payments", {
          at_s: since(fact.at),
          satellite: self,
          acquisition,
          tenant,
          charged: charged / 1e6,
          reserved: reserved / 1e6,
          refused: refused ? 1 : 0,
        }),
      ];
    }
    case "tiles given":
      // Who took and who computed an acquisition stand in their own rows; the record has no table for pixels on their way.
      return [];
    case "landed":
      return [landingRow(numbering, satellite, fact.product, fact)];
  }
};

/** A product that is whole on the ground. */
export const landingRow = (
  numbering: Numbering,
  satellite: string,
  product: ProductName,
  arrival: Pick<ProductArrival, "station" | "firstSentAt" | "completedAt" | "atCentre">,
): NamedRow =>
  row(
    "landings",
    {
      at_s: arrival.completedAt - numbering.from,
      satellite: numbering.satellite(satellite),
      station: numbering.station(arrival.station),
      first_sent_s: arrival.firstSentAt - numbering.from,
      at_centre_s: arrival.atCentre - numbering.from,
    },
    product,
  );

/** The computer stood still. */
export const waitRow = (numbering: Numbering, satellite: string, { from, to, reason }: Wait): NamedRow =>
  row("waits", {
    at_s: from - numbering.from,
    to_s: to - numbering.from,
    satellite: numbering.satellite(satellite),
    reason,
  });

/** An acquisition that was let go, with its detections; nothing where nothing of it came down. */
export const publicationRows = (numbering: Numbering, landed: LandedAcquisition): readonly NamedRow[] => {
  const { acquisition, scene, detections, batchArrival, tileArrivals } = landed;
  const arrivals = batchArrival === null ? [...tileArrivals.values()] : [batchArrival];
  if (arrivals.length === 0) return [];
  const { index } = acquisition;
  const whole = Math.max(
    ...arrivals.map(({ atCentre }) => atCentre),
    ...detections.map(({ publishedAt }) => publishedAt),
  );
  const tileOf = new Map([...tileArrivals].map(([tile, arrival]) => [arrival, tile]));
  return [
    row("publications", {
      at_s: whole - numbering.from,
      acquisition: index,
      detections: detections.length,
    }),
    ...detections.map(({ detection, arrival, publishedAt }, place) => {
      const { x0, y0, x1, y1 } = detection.boxPx;
      const centre = scene.georeference && pixelToLonLat(scene.georeference, (x0 + x1) / 2, (y0 + y1) / 2);
      return row(
        "detections",
        {
          at_s: publishedAt - numbering.from,
          acquisition: index,
          index: place,
          class: detection.classId,
          score: detection.score,
          longitude_deg: centre?.[0] ?? Number.NaN,
          latitude_deg: centre?.[1] ?? Number.NaN,
          x0_px: x0,
          y0_px: y0,
          x1_px: x1,
          y1_px: y1,
        },
        { acquisition: index, kind: arrival.kind, tile: tileOf.get(arrival) ?? null },
      );
    }),
  ];
};

/** The chips of an acquisition. */
export const chipRows = (
  numbering: Numbering,
  acquisition: number,
  { atCentre }: ProductArrival,
  chips: readonly LandedChip[],
): readonly NamedRow[] =>
  chips.map(({ detection, window, file }) =>
    row("chips", {
      at_s: atCentre - numbering.from,
      acquisition,
      detection,
      x_px: window.x,
      y_px: window.y,
      width_px: window.width,
      height_px: window.height,
      bytes: file.content.length,
    }),
  );
