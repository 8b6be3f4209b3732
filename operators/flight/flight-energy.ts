import type {
  AcquisitionRecord,
  AskedLedger,
  ContactUse,
  OrdersLedger,
  SatelliteLedger,
} from "../../pipeline/mission/ledger.ts";
import type { TileBatch } from "../../pipeline/mission/offload.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import { joules } from "../../pipeline/units.ts";
import { captureEnergy } from "../platform/tile-work.ts";

/** What camera, computer and transmitter took over a flight, besides what the platform draws when they rest. */
export const energyOf = (
  { computer, camera, radio }: Spacecraft,
  records: readonly AcquisitionRecord[],
  uses: readonly ContactUse[],
  {
    asked,
    orders = null,
    given = [],
  }: {
    readonly asked: AskedLedger | null;
    readonly orders?: OrdersLedger | null;
    /** Taken here, computed elsewhere. */
    readonly given?: readonly TileBatch[];
  },
): SatelliteLedger["energy"] => {
  const acquired = records.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0);
  const computing = acquired + (asked?.computeSeconds ?? 0);
  const answering = orders?.answers.transmitSeconds ?? 0;
  const sending = uses.reduce((sum, { transmitSeconds }) => sum + transmitSeconds, answering);
  const own = records.reduce(
    (sum, { samples: taken, origin }) => sum + (origin === undefined ? taken : 0),
    0,
  );
  const samples = given.reduce((sum, batch) => sum + batch.samples, own);
  return {
    camera: captureEnergy(camera, samples),
    compute: joules(workingPower(computer) * computing),
    radio: joules(radio.power * sending),
  };
};
