import type { PlanReportInput } from "../../../measure/report/plan-report.ts";
import { degrees, instant, metres, parseInstant, seconds } from "../../../pipeline/units.ts";

const from = parseInstant("2026-01-01T00:00:00Z")!;
/** A plan of two satellites, one station and two scenes. */
export const input: PlanReportInput = {
  constellation: "/home/somebody/planes.tle",
  from,
  to: instant(from + 72 * 3600),
  satellites: ["DOVE-1", "DOVE-2"],
  stations: [{ id: "matera", name: "Matera <Italy>", longitude: degrees(16.7), latitude: degrees(40.6) }],
  contacts: [
    {
      satellite: "DOVE-1",
      station: "matera",
      aos: instant(from + 600),
      los: instant(from + 1200),
      capacityBytes: 3e9,
    },
  ],
  link: "fixed 40 Mbit/s",
  targets: {
    dataset: "ships",
    seen: [
      {
        scene: "genoa",
        place: { longitude: degrees(8.9), latitude: degrees(44.4) },
        satellite: "DOVE-1",
        at: instant(from + 500),
        sun: degrees(31),
        offTrack: metres(61_000),
        heard: { station: "matera", after: seconds(100) },
      },
    ],
    unseen: [{ scene: "hedland", reason: "no satellite's swath of 20 km covers it in 3 days" }],
    assumed: ["a swath of 20 km"],
  },
  tracks: [
    {
      points: [
        [8, 50],
        [8, 44],
        [7, 38],
      ],
    },
  ],
  software: "0.1.0",
  command: "swath plan --constellation /home/somebody/planes.tle --map plan.html",
};
