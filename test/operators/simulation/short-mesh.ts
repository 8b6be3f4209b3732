import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import type { SimulationPlan } from "../../../operators/simulation/simulation.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { findStationNetwork } from "../../../planning/contacts/station-networks.ts";
import { planCrosslinks } from "../../../planning/crosslinks/crosslink-plan.ts";
import { planImaging } from "../../../planning/imaging-plan.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { bitsPerSecond, bytes, degrees, joules, later, seconds } from "../../../pipeline/units.ts";
import { madeEntry } from "../../bench/made-entry.ts";

/** A constellation that is short of everything: a slow link with errors, a small store, a battery that runs down. */
export const shortMesh = (): SimulationPlan => {
  const preset = spacecraftOf(findSpacecraftPreset("three-body") as SpacecraftPreset);
  const spacecraft = {
    ...preset,
    store: {
      capacity: bytes(3e6),
      eviction: "lowest-value" as const,
      order: { kind: "weighted" as const, weights: { results: 3, chips: 2, tiles: 1 } },
    },
    power: preset.power && {
      ...preset.power,
      battery: { ...preset.power.battery, capacity: joules(2e6), initial: 0.5, floor: 0.6 },
    },
  };
  const satellites = walkerSatellites(parseWalker("walker:6"), walkerEpoch);
  const [from, to] = [walkerEpoch, later(walkerEpoch, seconds(4200))];
  const stations = findStationNetwork("ksat")?.stations ?? [];
  const contacts = planContacts({ radio: {}, satellites, stations, from, to });
  const crosslinks = planCrosslinks({
    satellites,
    terminals: spacecraft.crosslink as NonNullable<typeof spacecraft.crosslink>,
    from,
    to,
    topology: "grid",
  });
  const imaging = planImaging(satellites, from, to, { every: seconds(150), sunAbove: degrees(10), seed: 1 });
  const tile = (size: number, workAt: number, value: number, tile: number) =>
    ({ kind: "tile-lossy", tile, size, workAt: seconds(workAt), value }) as const;
  return {
    seed: 1,
    spacecraft,
    satellites,
    stations,
    acquisitions: imaging.map((one, index) => ({ ...one, index, scene: "made" })),
    contacts,
    rate: { kind: "fixed", rate: bitsPerSecond(60_000) },
    protection: "none",
    errors: { bitErrorRate: 1e-5, segmentLossRate: 0.05, outages: [] },
    mesh: { crosslinks, epoch: seconds(60), lookAhead: seconds(3600) },
    workload: { computer: { ...spacecraft.computer }, precision: "fp32" },
    entries: [
      madeEntry,
      {
        ...madeEntry,
        computeSeconds: seconds(90),
        products: [tile(400_000, 30, 2, 0), tile(250_000, 80, 1, 3), ...madeEntry.products],
      },
      { ...madeEntry, computeSeconds: seconds(200), products: [tile(900_000, 199, 5, 1)] },
    ],
    inOrder: false,
  };
};
