import { formatCountOf } from "../../../pipeline/format.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import type { DayPolicy, DaySummary } from "../../summary/day-summary.ts";
import { policyColour } from "../drawing/colours.ts";
import { deliveryCurve } from "../drawing/delivery-curve.ts";
import { bytesText, durationText, shareText, typeset } from "../drawing/figures.ts";
import { html, percent, type Content, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";

const curve = ({ policies }: DaySummary, lead: DayPolicy["policy"]): Content => {
  const said = policies
    .map(
      ({ policy, deliveredFraction, medianSeconds }) =>
        `${policy}: ${deliveredFraction === null ? "nothing made" : `${shareText(deliveredFraction)} landed`}, half ${medianSeconds === null ? "not that day" : `within ${durationText(medianSeconds)}`}`,
    )
    .join("; ");
  return deliveryCurve(
    policies.map(({ policy, curve: points, medianSeconds }) => ({
      name: policy,
      colour: policyColour(policy),
      points,
      medianSeconds,
      isNamed: policy === lead || policy === "raw",
    })),
    said,
  );
};

/** Satellites that still make a list of bars; of more, the worst. */
const mostBullets = 24;

const bulletRow = (
  { satellite, couldCarryBytes, askedBytes, carriedBytes }: DayPolicy["contacts"][number],
  most: number,
  policy: DayPolicy["policy"],
): Markup => {
  const share = askedBytes > 0 ? carriedBytes / askedBytes : null;
  const words = `${satellite}: contacts could carry ${bytesText(couldCarryBytes)}, carried ${bytesText(carriedBytes)}, asked ${bytesText(askedBytes)}`;
  return html`<div class="row bullets">
    <span class="name" title="${satellite}">${satellite}</span
    ><svg role="img" aria-label="${words}" width="100%" height="18">
      <rect
        x="0"
        y="1.5"
        width="${percent(couldCarryBytes / most)}"
        height="15"
        style="fill:var(--faint);stroke:var(--plan)"
      />
      <rect
        x="0"
        y="4.5"
        width="${percent(carriedBytes / most)}"
        height="9"
        style="fill:${policyColour(policy)}"
      />
      <line
        x1="${percent(askedBytes / most)}"
        x2="${percent(askedBytes / most)}"
        y1="0"
        y2="18"
        style="stroke:var(--ink);stroke-width:2.5"
      />
    </svg>
    <span class="value">${share === null ? "–" : shareText(Math.min(1, share))}</span>
  </div>`;
};

/** What the contacts of each satellite could carry, carried and were asked for: of the policy that asks most. */
const bullets = ({ policies }: DaySummary): Content => {
  const asked = (one: DayPolicy): number => one.contacts.reduce((sum, { askedBytes }) => sum + askedBytes, 0);
  const [worst] = policies.toSorted((a, b) => asked(b) - asked(a));
  if (worst === undefined || worst.contacts.length === 0) return null;
  const short = worst.contacts.filter(({ couldCarryBytes, askedBytes }) => askedBytes > couldCarryBytes);
  const title =
    short.length > 0
      ? `Why ${worst.policy} does not fit: contacts in one day`
      : `What contacts could carry: ${worst.policy} in one day`;
  const most =
    Math.max(
      ...worst.contacts.flatMap(({ couldCarryBytes, askedBytes }) => [couldCarryBytes, askedBytes]),
      1,
    ) * 1.02;
  const sorted = worst.contacts.toSorted((a, b) => b.couldCarryBytes - a.couldCarryBytes);
  const shown =
    sorted.length <= mostBullets ? sorted : [...sorted.slice(0, 4), ...sorted.slice(-(mostBullets - 4))];
  const rest = sorted.length - shown.length;
  return html`<h3>${title}</h3>
    <div class="row bullets head">
      <span></span><span class="ends"><span>0</span><span>${bytesText(most / 1.02)}</span></span
      ><span class="value">${worst.policy} down</span>
    </div>
    ${shown.map((one) => bulletRow(one, most, worst.policy))}
    <ul class="legend">
      <li>
        <span class="swatch" style="background:var(--faint);outline:1px solid var(--plan)"></span>contacts
        could carry
      </li>
      <li><span class="swatch" style="background:${policyColour(worst.policy)}"></span>carried</li>
      <li><span class="swatch" style="background:var(--ink);width:3px"></span>asked</li>
    </ul>
    ${rest > 0 && html`<p class="note">The four with most contact and the ${mostBullets - 4} with least; ${rest} more between them.</p>`}`;
};

/** The full day: how it went for each policy, why the largest does not fit, and how the day is built. */
export const fullDay = ({ summary }: ReportInput): Content => {
  const { day, noDay } = summary;
  if (day === null) return html`<p class="empty">No full day was flown: ${noDay ?? "it was left out"}.</p>`;
  const { pictures, imagedFraction } = day;
  const lead = leadingPolicy(summary).policy;
  const every =
    pictures.everySeconds === null
      ? ""
      : `, one every ${durationText(pictures.everySeconds)} while a camera is on`;
  return html`<div class="two-up wide-left">
      <div class="keep">
        <h3>Share of the day's products on the ground, by time since the picture</h3>
        ${curve(day, lead)}
        <p class="note">
          Products still on board count as not there. Marks: half of all. Lines that lie on each other share a
          name.
        </p>
      </div>
      <div>${bullets(day)}</div>
    </div>
    <p class="note">
      ${typeset(
        `${formatCountOf(pictures.count, "picture")} of ${pictures.megapixels.toFixed(1)} MP${every}; cameras are on for ${shareText(imagedFraction)} of the day. ${day.built.join(" ")}`,
      )}
      Over open sea ${lead} would send less.
    </p>`;
};
