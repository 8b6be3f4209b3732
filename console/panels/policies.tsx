import { useComputed } from "@preact/signals";
import type { MissionPolicy } from "../../pipeline/mission/mission-head.ts";
import { bytesText, durationText, percentText } from "../look/figures.ts";
import { showPolicy } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { yardstickOf } from "../page/run-session.ts";
import { progressAt, type PolicyProgress } from "../state/state-at.ts";

const waitingText = (policies: readonly MissionPolicy[], policy: MissionPolicy): string => {
  if (policy.state === "failed") return "✕ failed";
  const before = policies[policies.indexOf(policy) - 1];
  return before === undefined ? "not flown yet" : `not flown yet, starts after ${before.label}`;
};

const Row = ({
  policy,
  place,
  progress,
  chosen,
  later,
}: {
  readonly policy: MissionPolicy;
  readonly place: number;
  readonly progress: PolicyProgress | null;
  readonly chosen: boolean;
  readonly later: string;
}) => {
  const console = useConsole();
  const choose = (): void => showPolicy(console, policy.label);
  const name = (
    <td>
      <button type="button" aria-pressed={chosen} title={policy.sends} onClick={choose}>
        <span class="key">{place}</span>
        {policy.label}
      </button>
    </td>
  );
  if (progress === null)
    return (
      <tr class={chosen ? "row chosen" : "row"} onClick={choose}>
        {name}
        <td colSpan={5} class={policy.state === "failed" ? "trouble" : "later"}>
          {later}
        </td>
      </tr>
    );
  const { linkBytes, rawBytes, landed, pictures, detections, delays } = progress;
  return (
    <tr class={chosen ? "row chosen" : "row"} onClick={choose}>
      {name}
      <td>{bytesText(linkBytes)}</td>
      <td>{rawBytes === null || rawBytes === 0 ? "–" : percentText(linkBytes / rawBytes)}</td>
      <td>
        {landed.toLocaleString("en-GB")}
        {pictures < 10_000 && ` / ${pictures.toLocaleString("en-GB")}`}
      </td>
      <td>{detections === null ? "–" : detections.toLocaleString("en-GB")}</td>
      <td title={delays.slowest === null ? "" : `slowest ${durationText(delays.slowest)}`}>
        {delays.median === null ? "–" : durationText(delays.median)}
      </td>
    </tr>
  );
};

/** Policies side by side as they progress, and the switch between them. */
export const Policies = () => {
  const { desk, run, view, state, policyLabel } = useConsole();
  const rows = useComputed(() => {
    const loaded = run.value;
    if (loaded === null) return [];
    const { prepared, views, head } = loaded;
    const t = desk.readT.value - prepared.epoch;
    const yardstick = yardstickOf(loaded);
    return head.policies.map((policy) => {
      const record = views.get(policy.label)?.record;
      if (record === undefined) return { policy, progress: null };
      // What the other panels show of the same policy is not reckoned twice.
      const shown = record === view.value?.record ? state.value?.progress : undefined;
      return { policy, progress: shown ?? progressAt(prepared.plan, record, yardstick, t) };
    });
  });
  const head = run.value?.head;
  if (head === undefined) return null;
  const noun = head.classes.length === 1 ? `${head.classes[0]}s` : "found";
  return (
    <section class="policies" aria-label="Policies">
      <table>
        <thead>
          <tr>
            <th>policy</th>
            <th>on link</th>
            <th>of raw</th>
            <th>{head.shows === "pixels" ? "scenes" : "taken"}</th>
            <th>{noun}</th>
            <th title="median, from capture to subscriber">latency</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map(({ policy, progress }, i) => (
            <Row
              key={policy.label}
              policy={policy}
              place={i + 1}
              progress={progress}
              chosen={policy.label === policyLabel.value}
              later={policy.events.length > 0 ? "loading" : waitingText(head.policies, policy)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
};
