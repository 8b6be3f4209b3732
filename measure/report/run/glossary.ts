import { html, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";

const terms: readonly (readonly [term: string, meaning: string])[] = [
  ["asked for", "Tiles that the ground wants to see once it has a scene's detections, under --ask."],
  [
    "baseline",
    "The captured imagery as lossless tiles in coded frames, as a mission without onboard processing would send it.",
  ],
  ["framing", "CCSDS frames of 1,115 bytes with Reed–Solomon parity, sync markers and checksums."],
  ["latency", "From the moment of capture to the moment subscribers have the detection, in mission time."],
  [
    "AP50",
    "Area under the precision–recall curve over all scores, as a model's card states it; a detection is right when it overlaps a label of its class at IoU ≥ 0.5.",
  ],
  [
    "AP50 from the threshold on",
    "The same of what a run reports: the curve ends at the model's threshold, so that the figure is lower than the card's.",
  ],
  [
    "0.58 (0.44 … 0.80)",
    "A figure, and where 95 % of 2,000 draws with replacement over scenes lie; with fewer than five scenes over blocks of 256 pixels.",
  ],
  [
    "real and simulated",
    "Real: pixels, model, codecs, frames, checksums, retransmissions. Simulated: orbits, mission time, link rate and errors, power.",
  ],
];

/** The words of the report, the policies first. */
export const glossary = ({ policyWords }: Pick<ReportInput, "policyWords">): Markup =>
  html`<dl class="facts">
    ${[...policyWords, ...terms].map(
      ([term, meaning]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`;
