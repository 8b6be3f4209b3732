import type { Instant } from "../../pipeline/units.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { sumOf } from "../statistics.ts";

/** One satellite of a simulated fleet over the horizon. Plain numbers: a row of a file, whose columns carry the units. */
export interface FleetRow {
  readonly satellite: string;
  readonly acquisitions: number;
  readonly failed_acquisitions: number;
  readonly processed_acquisitions: number;
  readonly tiles: number;
  /** Left out, because they were empty or cloudy; and the empty ones alone. */
  readonly screened_tiles: number;
  readonly empty_tiles: number;
  readonly detections: number;
  readonly sensor_bytes: number;
  readonly lossless_bytes: number | null;
  readonly produced_bytes: number;
  readonly delivered_bytes: number;
  readonly on_board_bytes: number;
  readonly dropped_bytes: number;
  readonly link_bytes: number;
  readonly resent_bytes: number;
  readonly contacts: number;
  readonly transmit_s: number;
  readonly crosslink_bytes: number;
  readonly handed_over: number;
  readonly camera_j: number;
  readonly compute_j: number;
  readonly radio_j: number;
  readonly crosslink_j: number;
  /** By the array, asked for by all loads, and asked for in vain. */
  readonly generated_j: number | null;
  readonly demanded_j: number | null;
  readonly unmet_j: number | null;
  readonly min_charge: number | null;
  readonly max_temperature_k: number | null;
  readonly battery_wait_s: number;
  readonly heat_wait_s: number;
  readonly throttled_s: number;
  /** Sunlight missed; 0 where neither power nor heat is kept. */
  readonly eclipse_s: number;
}

const ofFate = ({ products }: SatelliteLedger, fate: string): number =>
  sumOf(products, (product) => (product.fate === fate ? product.size : 0));

/** A satellite's books in one row. `horizonEnd`: what is processed later does not count. */
export const fleetRow = (ledger: SatelliteLedger, horizonEnd: Instant): FleetRow => {
  const { satellite, acquisitions, products, contacts, energy, body, crosslinks } = ledger;
  const taken = acquisitions.filter(({ failure }) => failure === null);
  const waited = (reason: string): number =>
    sumOf(body?.waits ?? [], (wait) => (wait.reason === reason ? wait.to - wait.from : 0));
  const isMeasured = taken.every(({ losslessBytes }) => losslessBytes !== null);
  return {
    satellite,
    acquisitions: acquisitions.length,
    failed_acquisitions: acquisitions.length - taken.length,
    processed_acquisitions: taken.filter(({ readyAt }) => readyAt <= horizonEnd).length,
    tiles: sumOf(taken, ({ tiles }) => tiles),
    screened_tiles: sumOf(taken, ({ emptyTiles, cloudyTiles }) => emptyTiles + cloudyTiles),
    empty_tiles: sumOf(taken, ({ emptyTiles }) => emptyTiles),
    detections: sumOf(taken, ({ detections }) => detections),
    sensor_bytes: sumOf(taken, ({ sensorBytes }) => sensorBytes),
    lossless_bytes: isMeasured ? sumOf(taken, ({ losslessBytes }) => losslessBytes ?? 0) : null,
    produced_bytes: sumOf(products, ({ size, origin }) => (origin === null ? size : 0)),
    delivered_bytes: ofFate(ledger, "delivered"),
    on_board_bytes: ofFate(ledger, "on-board"),
    dropped_bytes: ofFate(ledger, "store-full"),
    link_bytes: sumOf(contacts, ({ total }) => total),
    resent_bytes: sumOf(contacts, ({ resent }) => resent),
    contacts: contacts.filter(({ frames }) => frames > 0).length,
    transmit_s: sumOf(contacts, ({ transmitSeconds }) => transmitSeconds),
    crosslink_bytes: crosslinks?.bytes ?? 0,
    handed_over: crosslinks?.handedOver ?? 0,
    camera_j: energy.camera,
    compute_j: energy.compute,
    radio_j: energy.radio,
    crosslink_j: crosslinks?.energy ?? 0,
    generated_j: body?.power?.generated ?? null,
    demanded_j: body?.power?.demanded ?? null,
    unmet_j: body?.power?.unmet ?? null,
    min_charge: body?.power?.minCharge ?? null,
    max_temperature_k: body?.heat?.max ?? null,
    battery_wait_s: waited("battery"),
    heat_wait_s: waited("heat"),
    throttled_s: body?.throttled ?? 0,
    eclipse_s: body?.eclipse ?? 0,
  };
};
