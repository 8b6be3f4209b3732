import { expect, test } from "vitest";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import { later, seconds } from "../../../pipeline/units.ts";
import { planMesh } from "../../../planning/crosslinks/mesh-plan.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { startMeshPlanning } from "../../../studies/fleet/mesh-planning.ts";

const { crosslink } = spacecraftOf(findSpacecraftPreset("three-body") as SpacecraftPreset);

const requestOf = (satellites: number, hours: number) => ({
  topology: "grid" as const,
  terminals: crosslink,
  seed: 7,
  epoch: seconds(60),
  satellites: walkerSatellites(parseWalker(`walker:${satellites}`), walkerEpoch),
  from: walkerEpoch,
  to: later(walkerEpoch, seconds(3600 * hours)),
});

test.each([
  ["a thread of its own", 600, 17],
  ["this thread", 12, 2],
])("on %s crosslinks come to the same plan", async (_, satellites, hours) => {
  const request = requestOf(satellites, hours);
  await using planning = startMeshPlanning(request);
  expect(await planning.plan()).toEqual(planMesh(request));
});

test("what a thread cannot plan is refused as it is without one", async () => {
  const request = requestOf(600, 17);
  const terminals = crosslink && { ...crosslink, maxRange: 0 as typeof crosslink.maxRange };
  await using planning = startMeshPlanning({ ...request, terminals });
  await expect(planning.plan()).rejects.toThrow(/crosslink.maxRange.*more than 0 m/);
});
