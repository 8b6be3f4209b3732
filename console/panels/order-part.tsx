import { useComputed } from "@preact/signals";
import { durationText, placeText } from "../look/figures.ts";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { boxCentre } from "../reading/box-outline.ts";
import { stageText } from "../reading/order-words.ts";
import { orderStage, stageSince, type OrderRecord } from "../state/order-record.ts";
import { clockText } from "../time/time-axis.ts";

/** Moments of an order that have come by `t`, each with how long after it was given. */
const momentsOf = ({ times }: OrderRecord, t: number) => {
  const { given, heard, taken, done, landed, deadline, told } = times;
  const latest = told.filter((at) => at <= t).at(-1) ?? NaN;
  const all = [
    ["given", given],
    ["on board", heard],
    ["image taken", taken],
    ["done on board", done],
    ["image on the ground", landed],
    ["ground has its answer", latest],
  ] as const;
  return {
    past: all.filter(([, at]) => at <= t),
    deadline,
    given,
  };
};

/** One order: what it asks for, where it stands, and when what happened to it. */
export const OrderPart = ({ order }: { readonly order: OrderRecord }) => {
  const console = useConsole();
  const { desk, run } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    return { prepared, t: desk.readT.value - prepared.epoch };
  });
  if (facts.value === null) return null;
  const { prepared, t } = facts.value;
  const { epoch, head } = prepared;
  const stage = orderStage(order, t);
  const { past, deadline, given } = momentsOf(order, t);
  const satellite = head.satellites[order.satellite];
  const [lon, lat] = order.box === null ? [NaN, NaN] : boxCentre(order.box);
  const bad = stage === "refused" || stage === "expired";
  const about = [
    order.kind === "" ? "order" : order.kind,
    order.tenant === "" ? "" : `for ${order.tenant}`,
    order.priority === 0 ? "" : `priority ${order.priority}`,
  ].filter((text) => text !== "");
  return (
    <div class="part order">
      <div class="head">
        <h3>{order.id === "" ? "an order without an id" : order.id}</h3>
        <span class="place">
          {about.join(" · ")}
          {Number.isNaN(lon) ? "" : ` · ${placeText(lon, lat, 2)}`}
        </span>
      </div>
      <p class={bad ? "trouble" : "stage"}>
        {stageText(order, t)}
        {stage === "refused" && order.why !== "" ? `: ${order.why}` : ""}
        {!bad && stage !== "ahead" && `, for ${durationText(Math.max(0, t - stageSince(order, stage)))}`}
      </p>
      <table>
        <thead>
          <tr>
            <th>moment</th>
            <th>at</th>
            <th>after</th>
          </tr>
        </thead>
        <tbody>
          {past.map(([name, at]) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{clockText(epoch + at)}</td>
              <td>{at === given ? "–" : durationText(at - given)}</td>
            </tr>
          ))}
          {!Number.isNaN(deadline) && (
            <tr>
              <td>deadline</td>
              <td>{clockText(epoch + deadline)}</td>
              <td>{durationText(deadline - given)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {satellite !== undefined && stage !== "ahead" && (
        <p class="note">
          Planned for{" "}
          <button
            type="button"
            class="plain"
            onClick={() => select(console, { kind: "satellite", name: satellite })}
          >
            {satellite}
          </button>
          .
        </p>
      )}
    </div>
  );
};
