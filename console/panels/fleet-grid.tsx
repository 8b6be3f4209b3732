import { computed, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { fontOf } from "../look/palette.ts";
import { useConsole } from "../page/console-context.ts";
import { Sheet, type PointerSpot, type Surface } from "../page/sheet.tsx";
import { planesOf } from "../reading/planes.ts";
import { fleetAt } from "../state/satellite-at.ts";

/** What shades a cell. */
type Shade = "charge" | "temperature" | "queue" | "store";
const shades: readonly Shade[] = ["charge", "temperature", "queue", "store"];
const top = 22;
const left = 96;

/** Planes × places in the plane, one cell a satellite, each always in the same cell; shaded by what is chosen. */
export const FleetGrid = () => {
  const { desk, run, view } = useConsole();
  const shade = useSignal<Shade>("charge");
  const cells = useRef<{ readonly columns: number; readonly wide: number; readonly high: number } | null>(
    null,
  );
  const planes = useMemo(
    () => computed(() => (run.value === null ? [] : planesOf(run.value.prepared.plan.orbits))),
    [],
  );
  const longest = Math.max(1, ...planes.value.map(({ length }) => length));
  const draw = ({ ctx, width, height }: Surface): void => {
    const prepared = run.value?.prepared;
    const record = view.value?.record;
    if (prepared === undefined) return;
    const palette = desk.look.palette.value;
    const rows = planes.value;
    const wide = (width - left - 12) / longest;
    const high = Math.min(22, (height - top - 4) / Math.max(1, rows.length));
    cells.current = { columns: longest, wide, high };
    const fleet =
      record === undefined ? null : fleetAt(prepared.plan, record, desk.readT.value - prepared.epoch);
    const { spacecraft } = prepared.head;
    const mostQueue = fleet === null ? 1 : fleet.queue.reduce((most, value) => Math.max(most, value), 1);
    const share = (satellite: number): number => {
      if (fleet === null) return NaN;
      if (shade.value === "charge") return 1 - (fleet.charge[satellite] ?? NaN);
      if (shade.value === "queue") return (fleet.queue[satellite] ?? 0) / mostQueue;
      if (shade.value === "store")
        return (fleet.storeBytes[satellite] ?? 0) / Math.max(1, spacecraft.store_bytes);
      const { heat } = spacecraft;
      return heat === null ? NaN : ((fleet.kelvin[satellite] ?? NaN) - 253) / (heat.stops_at_k - 253);
    };
    const chosen = desk.selection.value;
    ctx.textBaseline = "middle";
    ctx.font = fontOf(11);
    for (const [row, members] of rows.entries()) {
      const y = top + row * high;
      if (high >= 11 || row % Math.ceil(11 / high) === 0) {
        ctx.fillStyle = palette.ink2;
        ctx.textAlign = "left";
        ctx.fillText(`plane ${row + 1}`, 10, y + high / 2);
      }
      for (const [column, satellite] of members.entries()) {
        const value = share(satellite);
        const x = left + column * wide;
        ctx.fillStyle = palette.faint;
        ctx.fillRect(x, y, Math.max(1, wide - 1), Math.max(1, high - 1));
        if (!Number.isNaN(value) && value > 0) {
          ctx.globalAlpha = 0.08 + 0.92 * Math.min(1, value);
          ctx.fillStyle = palette.ink2;
          ctx.fillRect(x, y, Math.max(1, wide - 1), Math.max(1, high - 1));
          ctx.globalAlpha = 1;
        }
        if (fleet?.inContact[satellite] === 1 && wide > 5) {
          ctx.fillStyle = palette.ink;
          ctx.fillRect(x + wide / 2 - 2, y + high / 2 - 2, 4, 4);
        }
        if (chosen?.kind === "satellite" && chosen.name === prepared.head.satellites[satellite]) {
          ctx.strokeStyle = palette.ink;
          ctx.lineWidth = 2;
          ctx.strokeRect(x - 1, y - 1, wide + 1, high + 1);
        }
      }
    }
  };
  const onUp = ({ x, y }: PointerSpot): void => {
    if (cells.current === null) return;
    const row = Math.floor((y - top) / cells.current.high);
    const satellite = planes.value[row]?.[Math.floor((x - left) / cells.current.wide)];
    const name = run.value?.head.satellites[satellite ?? -1];
    if (name !== undefined) desk.selection.value = { kind: "satellite", name };
  };
  return (
    <>
      <Sheet
        className="lanes-canvas"
        label={`Fleet by plane, shaded by ${shade.value}`}
        draw={draw}
        onDown={() => undefined}
        onUp={onUp}
      />
      <span class="fleet-shade choice" role="group" aria-label="What shades a cell">
        {shades.map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={shade.value === each}
            onClick={() => (shade.value = each)}
          >
            {each}
          </button>
        ))}
      </span>
    </>
  );
};
