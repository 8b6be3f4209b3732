import { useSignal } from "@preact/signals";
import { messageOf } from "../../pipeline/errors.ts";
import { placeText } from "../look/figures.ts";
import type { LonLat } from "../map/view.ts";
import { wantsLogin } from "../page/ask.ts";
import { useConsole } from "../page/console-context.ts";
import { CommandLine } from "./map-notice.tsx";
import { goodName, subscribe } from "../page/subscriptions.ts";

const corners = (area: readonly LonLat[]): string => {
  const lons = area.map(([lon]) => lon);
  const lats = area.map(([, lat]) => lat);
  return `${placeText(Math.min(...lons), Math.min(...lats), 1)} to ${placeText(Math.max(...lons), Math.max(...lats), 1)}`;
};

/** An area that was drawn becomes a subscription here. */
export const AreaBar = () => {
  const { desk, run, kept } = useConsole();
  const name = useSignal("");
  const kind = useSignal("");
  const webhook = useSignal("");
  const result = useSignal<{ readonly good: boolean; readonly text: string } | null>(null);
  const area = desk.area.value;
  if (desk.drawing.value && area === null)
    return (
      <div class="areabar" role="status">
        Drag a box on the map, or move the frame with the arrows (Shift: its size) and press Enter. Esc leaves
        it.
        <button type="button" class="button" onClick={() => (desk.drawing.value = false)}>
          Leave
        </button>
      </div>
    );
  if (area === null) return null;
  const classes = run.value?.head.classes ?? [];
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!goodName.test(name.value)) {
      result.value = { good: false, text: `name: wanted letters, digits, - and _, got "${name.value}"` };
      return;
    }
    try {
      const text = await subscribe({
        name: name.value,
        area,
        className: kind.value === "" ? null : kind.value,
        webhook: webhook.value.trim() === "" ? null : webhook.value.trim(),
      });
      result.value = { good: true, text };
      await kept.refresh();
    } catch (error) {
      const hint = wantsLogin(error) ? " Open the login link that swath serve printed." : "";
      result.value = { good: false, text: `${messageOf(error)}${hint}` };
    }
  };
  const leave = (): void => {
    desk.area.value = null;
    desk.drawing.value = false;
    result.value = null;
  };
  return (
    <form class="areabar" aria-label="Subscribe to the area" onSubmit={(event) => void send(event)}>
      <span>{corners(area)}</span>
      <label>
        <span class="away">Name of the subscription</span>
        <input
          placeholder="name"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
          maxLength={64}
        />
      </label>
      <label>
        <span class="away">Class</span>
        <select value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value)}>
          <option value="">all classes</option>
          {classes.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="away">Webhook, or empty for a cursor to follow</span>
        <input
          placeholder="webhook (or none)"
          value={webhook.value}
          onInput={(event) => (webhook.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button chosen">
        Subscribe
      </button>
      <button type="button" class="button" onClick={leave}>
        Leave
      </button>
      {result.value !== null && (
        <span class={result.value.good ? "done" : "trouble"} role="status">
          {result.value.good ? "✓ " : "✕ "}
          {result.value.good && result.value.text.startsWith("swath ") ? (
            <CommandLine command={result.value.text} />
          ) : (
            result.value.text
          )}
        </span>
      )}
    </form>
  );
};
