import type { Spacecraft } from "../pipeline/mission/spacecraft.ts";
import type {
  AcquisitionRecord,
  AskedLedger,
  ContactUse,
  SatelliteLedger,
} from "../pipeline/mission/ledger.ts";
import { joules } from "../pipeline/units.ts";
import { captureEnergy } from "./platform/tile-work.ts";

/** What camera, computer and transmitter took over a flight. */
export const energyOf = (
  { computer, camera, radio }: Spacecraft,
  records: readonly AcquisitionRecord[],
  uses: readonly ContactUse[],
  asked: AskedLedger | null,
): SatelliteLedger["energy"] => {
  const acquired = records.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0);
  const computing = acquired + (asked?.computeSeconds ?? 0);
  const sending = uses.reduce((sum, { transmitSeconds }) => sum + transmitSeconds, 0);
  const samples = records.reduce((sum, record) => sum + record.samples, 0);
  return {
    camera: captureEnergy(camera, samples),
    compute: joules(computer.power * computing),
    radio: joules(radio.power * sending),
  };
};
