import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatPercent,
  formatSi,
} from "../../../pipeline/format.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";

/** One chapter: what it says, and the section that has all of it. */
interface Chapter {
  readonly title: string;
  readonly section: string;
  readonly says: string;
}

type Tenancy = NonNullable<PolicySummary["tenancy"]>;
type Workloads = NonNullable<Tenancy["workloads"]>;

const computing = ({ tenancy, tiles }: PolicySummary, workloads: Workloads): Chapter => {
  const operations = workloads.reduce((sum, one) => sum + one.operations, 0);
  const seconds = workloads.reduce((sum, one) => sum + one.computeSeconds, 0);
  const loading = workloads.reduce((sum, one) => sum + one.loadSeconds, 0);
  const each = workloads.map(
    (one) =>
      `${one.workload} for ${one.tenant}: ${formatCountOf(one.detections, "detection")}, ${formatDuration(one.computeSeconds)}`,
  );
  const swap =
    loading === 0
      ? "all weights fit the memory together"
      : `${formatDuration(loading)} of it loading weights`;
  const tenants = tenancy?.tenants.filter(
    ({ chargedMicro, budgetMicro }) => budgetMicro !== null && chargedMicro > 0,
  );
  return {
    title: "Computational workloads",
    section: "tenants",
    says: `${formatCountOf(workloads.length, "workload")} on ${formatCountOf(tiles.processedOnBoard, "tile")}, each read once: ${formatSi(operations, "op")} in ${formatDuration(seconds)} of the computer, ${swap}; ${each.join("; ")}. ${formatCountOf(tenants?.length ?? 0, "tenant")} ${tenants?.length === 1 ? "was" : "were"} charged for it.`,
  };
};

const energy = ({ energyJoules, platform, detections }: PolicySummary): Chapter => {
  if (energyJoules === null)
    return {
      title: "Energy efficiency",
      section: "scenes",
      says: "Nobody told of it: satellites flew elsewhere.",
    };
  const { total, compute, camera, radio, crosslink, perMegapixel } = energyJoules;
  const found = detections.delivered;
  const parts = `computer ${formatJoules(compute)}, camera ${formatJoules(camera)}, radio ${formatJoules(radio)}, terminals ${formatJoules(crosslink)}`;
  const pixel = perMegapixel === null ? "" : `, ${formatJoules(perMegapixel)} a megapixel`;
  const each = found === 0 ? "" : `, ${formatJoules(total / found)} a detection that came down`;
  const lowest = platform?.power?.lowestCharge;
  const charge = lowest === undefined ? "" : ` The battery was never below ${formatPercent(lowest)}.`;
  return {
    title: "Energy efficiency",
    section: platform === null ? "scenes" : "platform",
    says: `${formatJoules(total)} above rest${pixel}${each}: ${parts}.${charge}`,
  };
};

const between = (crosslinks: NonNullable<PolicySummary["crosslinks"]>): Chapter => {
  const { handedOver, bytes, toGround, energyJoules, carried } = crosslinks;
  const [together, alone] = [toGround?.together.median ?? null, toGround?.alone.median ?? null];
  const bought =
    together === null || alone === null
      ? "what that bought cannot be told"
      : `half of all products were down after ${formatDuration(together)}, without crosslinks after ${formatDuration(alone)}`;
  return {
    title: "Inter-satellite protocols",
    section: "between",
    says: `${formatCountOf(handedOver, "product")} handed over, ${formatBytes(bytes)}, ${formatCount(carried)} brought down by another satellite; ${bought}. Terminals took ${formatJoules(energyJoules)}.`,
  };
};

const radiation = (upsets: NonNullable<PolicySummary["upsets"]>): Chapter => {
  const { factor, protection, weightUpsets, tileUpsets, corrected, lostTiles, protectionJoules, without } =
    upsets;
  const answer =
    without === null
      ? ""
      : without.identical
        ? " The detections are those of the flight without upsets, bit for bit."
        : ` Of the detections without upsets, ${formatPercent(without.foundFraction)} were found.`;
  return {
    title: "Resilience to radiation",
    section: "radiation",
    says: `${formatCountOf(factor, "time")} the real rate, protection ${protection} (${formatJoules(protectionJoules)}): ${formatCountOf(weightUpsets + tileUpsets, "bit")} turned over, ${formatCount(corrected)} put right, ${formatCountOf(lostTiles, "tile")} lost.${answer}`,
  };
};

/**
 * A mission that has all of it, several workloads, crosslinks and particles, in four chapters under its leading policy; each with its section. `null`
 * for any other.
 */
export const chapters = ({ summary }: ReportInput): Markup | null => {
  const policy = leadingPolicy(summary);
  const { tenancy, crosslinks, upsets } = policy;
  const workloads = tenancy?.workloads;
  if (workloads === undefined || crosslinks === null || upsets === undefined) return null;
  const told = [computing(policy, workloads), energy(policy), between(crosslinks), radiation(upsets)];
  return html`<ol>
      ${told.map(
        ({ title, section, says }) =>
          html`<li>
            <strong><a href="#${section}">${title}</a></strong
            >: ${says}
          </li>`,
      )}
    </ol>
    <p class="note">Under policy ${policy.policy}; the sections have all policies.</p>`;
};
