import { describe, expect, it } from "vitest";
import { readSpacecraft } from "../../../studies/inputs/spacecraft-file.ts";
import { linkAssumptions } from "../../../studies/engine/link-assumptions.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";
import { bitsPerSecond, instant, seconds } from "../../../pipeline/units.ts";

const dove = readSpacecraft("dove");
const [station] = builtinStations;
if (station === undefined) throw new Error("there is no built-in station");
const ground = 5e12;

describe("what an answer takes for granted of its links", () => {
  it("names each figure with who says it, and what is taken as zero", () => {
    const lines = linkAssumptions({
      spacecraft: dove,
      mesh: null,
      stations: builtinStations,
      groundOpsPerSecond: ground,
    });
    expect(lines).toEqual([
      "a link is locked 10 s after a contact begins, assumed for dove",
      "an antenna needs 60 s between two satellites, assumed where a station does not say",
      "1 s from station to mission centre, assumed where a station does not say, whatever the volume",
      "reports and requests go up at 250 kbit/s, published for dove",
      "the ground's processors work on one tile after the other at 5 × 10¹² operations/s, assumed",
      "taken as zero: errors of the uplink; delivery to subscribers, once the centre has a result",
    ]);
  });

  it("does not take errors of the uplink as zero where orders are sent again for them", () => {
    const grounds = { spacecraft: dove, mesh: null, stations: builtinStations, groundOpsPerSecond: null };
    const quiet = linkAssumptions({ ...grounds, orders: null });
    expect(quiet).toEqual(linkAssumptions(grounds));
    const lines = linkAssumptions({ ...grounds, orders: { planned: [], refused: [], open: true } });
    expect(lines).toContain(
      "orders on the uplink lose bits and segments as often as the downlink does, assumed",
    );
    expect(lines.at(-1)).toMatch(/^taken as zero: errors of reports and requests on the uplink;/);
    expect(lines.join()).not.toContain("errors of the uplink");
  });

  it("takes nothing for zero without saying so", () => {
    const { acquisition: _a, uplink: _u, ...radio } = dove.radio;
    const lines = linkAssumptions({
      spacecraft: { name: "mine", radio, crosslink: null },
      mesh: null,
      stations: [{ ...station, turnaround: seconds(0), backhaul: seconds(0) }],
      groundOpsPerSecond: null,
    });
    expect(lines).toEqual([
      "taken as zero: the time until a link is locked; what antennas need between two satellites; " +
        "the way from stations to the mission centre; the length of reports and requests on the uplink; errors of the uplink; " +
        "the queue and the work of the ground's processors; delivery to subscribers, once the centre has a result",
    ]);
  });

  it("tells stations that differ apart by the range of what they say", () => {
    const lines = linkAssumptions({
      spacecraft: dove,
      mesh: null,
      stations: [
        { ...station, acquisition: seconds(3), backhaul: seconds(0.3), uplink: bitsPerSecond(2000) },
        station,
      ],
      groundOpsPerSecond: null,
    });
    expect(lines[0]).toBe(
      "a link is locked 3 s … 10 s after a contact begins, as stations say, else assumed for dove",
    );
    expect(lines[2]).toMatch(/^0\.3 s … 1 s from station/);
    expect(lines[3]).toBe(
      "reports and requests go up at 2 kbit/s … 250 kbit/s, as stations say, else published for dove",
    );
  });

  it("speaks of terminals only where satellites talk to each other", () => {
    const threeBody = readSpacecraft("three-body");
    const { from, to } = { from: instant(0), to: instant(1) };
    const mesh = { crosslinks: { from, to, links: [] }, epoch: seconds(60), lookAhead: seconds(1) };
    const grounds = { stations: builtinStations, groundOpsPerSecond: null };
    const lines = linkAssumptions({ spacecraft: threeBody, mesh, ...grounds });
    expect(lines.filter((line) => line.includes("terminals"))).toEqual([
      expect.stringMatching(
        /^terminals between satellites take [0-9.]+ s to find each other .*; 93.* % of tries succeed, assumed/,
      ),
    ]);
    expect(lines.at(-1)).toContain("errors between satellites");
    expect(linkAssumptions({ spacecraft: threeBody, mesh: null, ...grounds }).join()).not.toContain(
      "terminals",
    );
  });
});
