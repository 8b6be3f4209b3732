import { formatCountOf } from "../../../pipeline/format.ts";
import { leadingPolicy, rawDayBytes } from "../../summary/leading-policy.ts";
import { sentFraction } from "../../summary/run-headline.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { bytesText, durationText, joulesText, scoreText, shareText } from "../drawing/figures.ts";
import { html, type Markup } from "../drawing/html.ts";
import { dayOf } from "./headline.ts";
import { type AccuracyRow, accuracyRows } from "./accuracy-rows.ts";
import type { ReportInput } from "./report-input.ts";

interface Figure {
  readonly what: string;
  readonly value: string;
  readonly beside: string;
}

const sentShare = ({ summary }: ReportInput): Figure => {
  const lead = leadingPolicy(summary);
  const own = dayOf(summary, lead.policy);
  const baseline = summary.day && rawDayBytes(summary.day);
  const share = own !== null && baseline !== null ? own.bytes.onLink / baseline : sentFraction(lead);
  return {
    what: "of the lossless imagery, framed",
    value: share === null ? "–" : shareText(share),
    beside: `scenes: ${bytesText(lead.bytes.onLink.total)} of ${bytesText(lead.bytes.rawLosslessFramed)}; sensor, uncompressed ${bytesText(lead.bytes.sensorUncompressed)}`,
  };
};

const landed = ({ summary }: ReportInput): Figure => {
  const lead = leadingPolicy(summary);
  const own = dayOf(summary, lead.policy);
  if (own === null) {
    const share = lead.deliveredShare.acquisitionsFraction;
    const raw = summary.policies.find(({ policy }) => policy === "raw" && policy !== lead.policy);
    const rawShare = raw?.deliveredShare.acquisitionsFraction ?? null;
    return {
      what: "of the scenes, whole on the ground",
      value: share === null ? "–" : shareText(share),
      beside:
        rawShare === null
          ? `${lead.acquisitions.delivered} of ${lead.acquisitions.captured}`
          : `raw ${shareText(rawShare)}`,
    };
  }
  const raw = lead.policy === "raw" ? null : dayOf(summary, "raw");
  return {
    what: "on the ground at the day's end",
    value: own.deliveredFraction === null ? "–" : shareText(own.deliveredFraction),
    beside:
      raw?.deliveredFraction == null
        ? `${bytesText(own.bytes.backlog)} left`
        : `raw ${shareText(raw.deliveredFraction)}, ${bytesText(raw.bytes.backlog)} left`,
  };
};

const agreement = ({ agreementWithRaw, policy, detections, latencySeconds }: PolicySummary): Figure => {
  if (agreementWithRaw === null || policy === "raw") {
    return {
      what: "detections on the ground",
      value: detections.delivered.toLocaleString("en-GB"),
      beside:
        latencySeconds === null ? "nothing arrived" : `half after ${durationText(latencySeconds.median)}`,
    };
  }
  const { identical, matched, ofRaw, rawFoundFraction } = agreementWithRaw;
  return {
    what: "detections, on board as on ground",
    value: identical ? "the same" : shareText(rawFoundFraction),
    beside: identical ? `${ofRaw} of ${ofRaw}, bit for bit` : `${matched} of ${ofRaw}`,
  };
};

const intervalText = ({ interval }: AccuracyRow): string =>
  interval === null ? "" : `${scoreText(interval.low)} … ${scoreText(interval.high)}, `;

const accuracy = (input: ReportInput): Figure => {
  const rows = accuracyRows(input);
  const [first] = rows;
  if (first === undefined) {
    const joules = leadingPolicy(input.summary).energyJoules?.perMegapixel ?? null;
    return joules === null
      ? { what: "AP50", value: "–", beside: "no labels to measure against" }
      : {
          what: "energy a megapixel",
          value: joulesText(joules),
          beside: "no labels to measure accuracy against",
        };
  }
  const trained = rows.find(({ what }) => what === "trained on");
  const what = {
    "kept apart": "AP50, scenes the model never saw",
    "trained on": "AP50, scenes it was trained on",
    "not known": "AP50; trained on: not known",
    all: "AP50, all scenes",
  }[first.what];
  const also = trained === undefined || trained === first ? "" : `; trained on ${scoreText(trained.ap50)}`;
  return {
    what,
    value: scoreText(first.ap50),
    beside: `${intervalText(first)}${formatCountOf(first.labels, "label")}${also}`,
  };
};

/** Four numbers under the headline: share of raw, landed, agreement with raw, accuracy on scenes the model never saw. */
export const keyFigures = (input: ReportInput): Markup => {
  const lead = leadingPolicy(input.summary);
  const figures = [sentShare(input), landed(input), agreement(lead), accuracy(input)];
  return html`<ul class="figures">
    ${figures.map(
      ({ what, value, beside }) =>
        html`<li>
          <span class="what">${what}</span><span class="number">${value}</span
          ><span class="beside">${beside}</span>
        </li>`,
    )}
  </ul>`;
};
