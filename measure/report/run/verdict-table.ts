import { leadingPolicy } from "../../summary/leading-policy.ts";
import type { PolicySummary, RunSummary } from "../../summary/run-summary.ts";
import { bytesText } from "../drawing/figures.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { failing, fitSentence, verdictRows } from "../drawing/verdict-rows.ts";
import type { ReportInput } from "./report-input.ts";

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** Why the others do not fit: by what all contacts carry, or by the first limit that fails. */
const others = ({ policies }: RunSummary, lead: PolicySummary): string => {
  const out = policies.filter((one) => one !== lead && one.verdicts.fits === false);
  const [first] = out;
  if (first === undefined) return "";
  const names = list(out.map(({ policy }) => policy));
  const link = first.verdicts.limits.find(
    ({ subject, verdict }) => subject === "link" && verdict === "does not fit",
  );
  const verb = out.length > 1 ? "do" : "does";
  if (link?.all && link.value !== null && link.limit !== null) {
    const worst =
      link.satellite === null
        ? ""
        : `, and ${link.satellite} can send ${Math.round((100 * link.limit) / link.value)}\u202f% of what it asks for`;
    return ` ${names} ${verb} not: all contacts together carry ${bytesText(link.all.limit)} where ${first.policy} asks for ${bytesText(link.all.value)}${worst}.`;
  }
  return ` ${names} ${verb} not: ${failing(first.verdicts)}.`;
};

/** Whether it fits: policies against the five limits and the largest duty, the worst satellite deciding. */
export const verdictTable = ({ summary }: ReportInput): Content => {
  const { policies } = summary;
  const lead = leadingPolicy(summary);
  const unknown = policies.every(({ verdicts }) =>
    verdicts.limits.every(({ verdict }) => verdict === "unknown"),
  );
  if (unknown) {
    const reason = policies[0]?.verdicts.limits[0]?.reason ?? "it was not asked for";
    return html`<p class="empty">No verdict: ${reason}.</p>`;
  }
  const rawToo =
    lead.policy !== "raw" &&
    policies.some(({ policy, verdicts }) => policy === "raw" && verdicts.fits === true)
      ? " raw fits, too."
      : "";
  return html`<p class="lead">
      <strong>${fitSentence(lead.policy, lead.verdicts)}</strong>${others(summary, lead)}${rawToo}
    </p>
    ${verdictRows(
      "policy",
      policies.map((policy) => ({ name: policy.policy, verdicts: policy.verdicts, isLead: policy === lead })),
    )}
    <p class="note">
      Steady state, the worst satellite decides; “all” is the sum. A bar is full at the limit. Largest duty:
      what every satellite can keep up without end.
    </p>` satisfies Markup;
};
