import { useComputed, type ReadonlySignal } from "@preact/signals";
import { bytesText, countText, durationText } from "../look/figures.ts";
import type { MapPicture } from "../map/picture.ts";
import { useConsole } from "../page/console-context.ts";
import { openContacts, openCrosslinks } from "../state/plan.ts";

/** What the empty corner of the map says: the answer to "what is stuck?". */
export const MapFacts = ({ picture }: { readonly picture: ReadonlySignal<MapPicture> }) => {
  const { desk, run, state } = useConsole();
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    const t = desk.readT.value - prepared.epoch;
    return {
      prepared,
      t,
      contacts: openContacts(prepared.plan, t).length,
      crosslinks: openCrosslinks(prepared.plan, t).length,
      waiting: state.value?.waiting ?? null,
      progress: state.value?.progress ?? null,
    };
  });
  const beyond = useComputed(() => picture.value.freshBeyond);
  if (facts.value === null) return null;
  const { prepared, t, contacts, crosslinks, waiting, progress } = facts.value;
  const { head, plan } = prepared;
  const noun = head.classes.length === 1 ? (head.classes[0] ?? "detection") : "detection";
  const takes = head.shows === "pixels" ? "scene" : "acquisition";
  return (
    <dl class="facts">
      <dt>{contacts}</dt>
      <dd>
        {contacts === 1 ? "contact" : "contacts"} on {prepared.antennas} antennas
      </dd>
      {plan.crosslinks.rows > 0 && (
        <>
          <dt>{crosslinks}</dt>
          <dd>{crosslinks === 1 ? "crosslink" : "crosslinks"}</dd>
        </>
      )}
      {waiting !== null && progress !== null && (
        <>
          <dt>{waiting.products.toLocaleString("en-GB")}</dt>
          <dd>
            {waiting.products === 1 ? "product waits" : "products wait"}
            {waiting.oldest !== null && (
              <>
                , {bytesText(waiting.bytes)},
                <br />
                the oldest {durationText(t - waiting.oldest.since)}
              </>
            )}
          </dd>
          {progress.detections !== null && (
            <>
              <dt>{progress.detections.toLocaleString("en-GB")}</dt>
              <dd>
                {countText(progress.detections === 1 ? 1 : 2, noun).replace(/^\d+ /, "")}, {progress.landed}{" "}
                of {countText(progress.pictures, takes)}
              </dd>
            </>
          )}
          {beyond.value > 0 && (
            <>
              <dt>{beyond.value.toLocaleString("en-GB")}</dt>
              <dd>more fresh scenes, without a circle</dd>
            </>
          )}
          <dt class={progress.losses > 0 ? "trouble" : ""}>{progress.losses}</dt>
          <dd>lost</dd>
        </>
      )}
    </dl>
  );
};

/** What the tints of the ground mean. */
export const MapTints = () => (
  <div class="tints" aria-hidden="true">
    <span>day</span>
    <i />
    <span>sun under 10°</span>
    <i class="dusk" />
    <span>night</span>
    <i class="night" />
    <span>a station hears inside</span>
    <i class="line" />
  </div>
);

const stroke = { fill: "none", stroke: "currentColor" };

/** What the marks of the map mean. */
export const MapLegend = ({ hasOrders }: { readonly hasOrders: boolean }) => (
  <ul class="legend" aria-label="Legend of the map">
    <li>
      <svg width="13" height="12" aria-hidden="true">
        <path d="M12 6L1 11L4 6L1 1Z" fill="currentColor" />
      </svg>
      in sunlight
    </li>
    <li>
      <svg width="13" height="12" aria-hidden="true">
        <path d="M12 6L1 11L4 6L1 1Z" {...stroke} stroke-width="1.2" />
      </svg>
      in shadow
    </li>
    <li>
      <svg width="8" height="8" aria-hidden="true">
        <rect width="7" height="7" fill="currentColor" />
      </svg>
      station in contact
    </li>
    <li>
      <svg width="20" height="8" aria-hidden="true">
        <path d="M0 4H20" {...stroke} stroke-width="1.2" />
      </svg>
      contact open
    </li>
    <li>
      <svg width="20" height="8" aria-hidden="true">
        <path d="M0 4H20" fill="none" class="stroke-chips" stroke-width="3" />
      </svg>
      carried data
    </li>
    <li>
      <svg width="20" height="8" aria-hidden="true">
        <path d="M0 4H20" {...stroke} stroke-dasharray="1 3" />
      </svg>
      crosslink
    </li>
    <li>
      <svg width="11" height="11" aria-hidden="true">
        <circle cx="5.5" cy="5.5" r="4" {...stroke} stroke-width="1.2" />
      </svg>
      scene ahead
    </li>
    <li>
      <svg width="11" height="11" aria-hidden="true">
        <circle cx="5.5" cy="5.5" r="4" fill="none" class="stroke-detections" stroke-width="2" />
      </svg>
      on board
    </li>
    <li>
      <svg width="11" height="11" aria-hidden="true">
        <circle cx="5.5" cy="5.5" r="4.5" class="fill-detections" />
      </svg>
      landed
    </li>
    {hasOrders && (
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <path d="M1 4V1H4M8 1H11V4M11 8V11H8M4 11H1V8" {...stroke} stroke-width="1.2" />
        </svg>
        area ordered
      </li>
    )}
  </ul>
);
