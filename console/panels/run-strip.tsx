import { computed } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { useConsole } from "../page/console-context.ts";
import { Sheet, type PointerSpot, type Surface } from "../page/sheet.tsx";
import { publishedAt } from "../reading/policy-view.ts";
import { moveTo } from "../time/clock.ts";
import { drawRunStrip, openCounts } from "../time/draw-run-strip.ts";
import { timeAt, xOf, type TimeScale } from "../time/time-axis.ts";

/** Width of the names of lanes; the strip begins below their end. */
export const nameWidth = (width: number): number => (width < 700 ? 12 : 96);

/** The whole run with the window on it: a drag on it moves time, a drag of the frame's edge moves the window. */
export const RunStrip = () => {
  const { desk, run, view } = useConsole();
  const scale = useRef<TimeScale | null>(null);
  const held = useRef<{ readonly what: "time" | "window"; readonly x: number; readonly from: number } | null>(
    null,
  );
  const facts = useMemo(
    () =>
      computed(() => {
        const prepared = run.value?.prepared;
        if (prepared === undefined) return null;
        const { contacts, acquisitions } = prepared.plan;
        const open = openCounts(
          { from: contacts.columns.from_s, to: contacts.columns.to_s },
          prepared.length,
          400,
        );
        const shown = view.value;
        // Thousands of acquisitions are no triangles any more but a band.
        const shots =
          acquisitions.rows > 400
            ? []
            : Array.from(acquisitions.columns.at_s, (at, i) => {
                const landed = shown === null ? NaN : publishedAt(shown, i);
                return {
                  t: prepared.epoch + at,
                  landedAt: Number.isNaN(landed) ? null : prepared.epoch + landed,
                };
              });
        const losses = view.value?.record.tables.losses.columns.at_s ?? [];
        return { open, shots, losses: Array.from(losses, (at) => prepared.epoch + at).slice(0, 500) };
      }),
    [],
  );
  const draw = ({ ctx, width, height }: Surface): void => {
    const { from, to, head } = desk.extent.value;
    const known = facts.value;
    if (known === null || to <= from) return;
    const x = nameWidth(width);
    scale.current = { from, to, x, width: width - x - 12 };
    drawRunStrip(ctx, desk.look.palette.value, {
      ...known,
      scale: scale.current,
      now: desk.t.value,
      head,
      window: desk.window.value,
      top: 18,
      height: height - 22,
    });
  };
  const setTime = (x: number): void => {
    if (scale.current === null) return;
    const window = desk.window.peek();
    const t = timeAt(scale.current, x);
    // While it is scrubbed inside the window the window stands still, and goes along beyond it.
    desk.windowFrom.value = t >= window.from && t <= window.to ? window.from : null;
    desk.clock.value = moveTo({ ...desk.clock.value, playing: false }, desk.extent.value, t);
  };
  const onDown = ({ x }: PointerSpot): void => {
    if (scale.current === null) return;
    const window = desk.window.peek();
    const [left, right] = [xOf(scale.current, window.from), xOf(scale.current, window.to)];
    const onEdge = Math.min(Math.abs(x - left), Math.abs(x - right)) < 5 && desk.windowSpan.peek() !== null;
    held.current = { what: onEdge ? "window" : "time", x, from: window.from };
    if (!onEdge) setTime(x);
  };
  const onMove = ({ x }: PointerSpot): void => {
    if (held.current === null || scale.current === null) return;
    if (held.current.what === "time") setTime(x);
    else
      desk.windowFrom.value =
        held.current.from + timeAt(scale.current, x) - timeAt(scale.current, held.current.x);
  };
  const { from, to, head } = desk.extent.value;
  return (
    <div class="strip">
      <Sheet
        className="strip-canvas"
        draw={draw}
        onDown={onDown}
        onMove={onMove}
        onUp={() => (held.current = null)}
      />
      <span class="title" aria-hidden="true">
        run
        <br />
        open contacts
      </span>
      <input
        class="away"
        type="range"
        aria-label="Mission time"
        aria-valuetext={new Date(desk.readT.value * 1000).toUTCString()}
        min={from}
        max={Math.max(head, from)}
        step={Math.max(1, (to - from) / 1000)}
        value={desk.readT.value}
        onInput={(event) => {
          const t = Number(event.currentTarget.value);
          desk.windowFrom.value = null;
          desk.clock.value = moveTo({ ...desk.clock.value, playing: false }, desk.extent.value, t);
        }}
      />
    </div>
  );
};
