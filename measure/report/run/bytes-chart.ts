import { formatBytes } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { html, type Markup, percent } from "../drawing/html.ts";
import { legend, type Series } from "../drawing/legend.ts";
import { alongDecades, decades } from "../drawing/scale.ts";
import { type Segment, spokenSegments, stackedBar } from "../drawing/stacked-bar.ts";

const parts: readonly (Series & { readonly of: (link: PolicySummary["bytes"]["onLink"]) => number })[] = [
  { name: "detections", colour: "var(--c-teal)", of: (link) => link.byProduct.detections },
  { name: "chips", colour: "var(--c-amber)", of: (link) => link.byProduct.chips },
  { name: "lossless tiles", colour: "var(--c-blue)", of: (link) => link.byProduct.tileLossless },
  { name: "lossy tiles", colour: "var(--c-sky)", of: (link) => link.byProduct.tileLossy },
  {
    name: "framing",
    colour: "var(--c-slate)",
    hint: "Headers, sync markers, checksums and Reed–Solomon parity",
    of: (link) => link.framing,
  },
  {
    name: "sent again",
    colour: "var(--c-brick)",
    hint: "Frames that the station missed",
    of: (link) => link.retransmission,
  },
  { name: "idle fill", colour: "var(--c-sand)", hint: "Frames that were not full", of: (link) => link.idle },
];

const logStrip = (total: number, baseline: number, span: readonly [number, number]): Markup => {
  const [from, to] = span;
  const lines = Array.from({ length: to - from + 1 }, (_, i) => percent(i / (to - from)));
  const at = (value: number) => percent(alongDecades(value, span));
  return html`<svg
    class="strip"
    role="img"
    aria-label="${formatBytes(total)} on a logarithmic scale"
    width="100%"
    height="18"
  >
    ${lines.map((x) => html`<line x1="${x}" x2="${x}" y1="0" y2="18" class="grid" />`)}
    ${baseline > 0 && html`<line x1="${at(baseline)}" x2="${at(baseline)}" y1="0" y2="18" class="mark"><title>Lossless raw, framed: ${formatBytes(baseline)}</title></line>`}
    ${total > 0 && html`<circle cx="${at(total)}" cy="9" r="5" class="dot"><title>${formatBytes(total)}</title></circle>`}
  </svg>`;
};

const uplink = (policies: readonly PolicySummary[]): string => {
  const each = policies.map(({ policy, bytes }) => ({ policy, text: formatBytes(bytes.uplink) }));
  if (each.every(({ text }) => text === each[0]?.text))
    return `${each[0]?.text}${each.length > 1 ? " each" : ""}`;
  return each.map(({ policy, text }) => `${policy} ${text}`).join(", ");
};

/**
 * Bytes on the link, policy by policy: bars on a linear scale, where lengths may be compared, and beside them a dot on a
 * logarithmic one, because what is interesting is often too short for a bar.
 */
export const bytesChart = (policies: readonly PolicySummary[]): Markup => {
  const totals = policies.map(({ bytes }) => bytes.onLink.total);
  const baseline = Math.max(...policies.map(({ bytes }) => bytes.rawLosslessFramed));
  const most = Math.max(...totals, baseline, 1);
  const span = decades([...totals, baseline]);
  const used = parts.filter(({ of }) => policies.some(({ bytes }) => of(bytes.onLink) > 0));
  const rows = policies.map(({ policy, bytes }) => {
    const segments = used.map((series): Segment => {
      const value = series.of(bytes.onLink);
      return { series, value, text: formatBytes(value) };
    });
    return html`<div class="row two">
      <span class="name">${policy}</span>
      ${stackedBar(segments, most, spokenSegments(policy, segments))}
      ${span && logStrip(bytes.onLink.total, baseline, span)}
      <span class="value">${formatBytes(bytes.onLink.total)}</span>
    </div>`;
  });
  return html`${legend(used)}
    <div class="chart">
      <div class="row two head">
        <span></span><span>linear, 0 to ${formatBytes(most)}</span>${
          span &&
          html`<span class="ends"
            ><span>${formatBytes(10 ** span[0])}</span><span>log</span
            ><span>${formatBytes(10 ** span[1])}</span></span
          >`
        }<span></span>
      </div>
      ${rows}
    </div>
    <p class="note">
      The dashed mark is the baseline: the same imagery as lossless tiles, framed, on a channel without errors
      (${formatBytes(baseline)}). Uplink is not in the bars: ${uplink(policies)}.
    </p>`;
};
