import type { SweepTable } from "../../../measure/summary/sweep-table.ts";

const rates = ["1Mbit/s", "4Mbit/s", "16Mbit/s"];
const asked = { raw: 12, compress: 2, detect: 0.01 };

/** A made-up sweep: three policies at three rates, where a policy fits that asks for less than the rate carries. */
export const sweep: SweepTable = {
  schema: "swath-sweep/2",
  name: "sweep-1234abcd",
  command: "simulate",
  keys: ["policy", "rate"],
  common: "swath simulate --workload /home/somebody/runs/compare-1 --constellation three-body",
  declared: false,
  rows: Object.entries(asked).flatMap(([policy, wanted]) =>
    rates.map((rate, n) => {
      const room = 4 ** n / wanted;
      return {
        point: { policy, rate },
        run: `simulate-0000000${n}`,
        figures: {
          link_bytes: Math.round(wanted * 1e9),
          of_raw: wanted / 12,
          delivered: Math.min(1, room),
          median_s: room > 0.5 ? 600 / room : null,
          p90_s: room > 0.9 ? 3600 / room : null,
          fits: room >= 1 ? 1 : 0,
          room,
          energy_j: 1e5,
          lowest_charge: 0.91,
          dropped_bytes: 0,
          detections: policy === "detect" ? 120 : null,
          ap50_from_threshold: null,
        },
      };
    }),
  ),
};

/** How it is run again. */
export const again = {
  command: "swath sweep /home/somebody/sweep.yaml --out runs",
  configuration: "command: simulate\nsweep: {}\n",
};
