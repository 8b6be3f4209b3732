import { products } from "../../../pipeline/product/registry.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { policyColour } from "../drawing/colours.ts";
import { bytesText, shareText } from "../drawing/figures.ts";
import { html, type Markup, percent } from "../drawing/html.ts";
import { alongDecades, decades } from "../drawing/scale.ts";

interface Part {
  readonly name: string;
  readonly colour: string;
  readonly of: (link: PolicySummary["bytes"]["onLink"]) => number;
}

const parts: readonly Part[] = [
  ...products.map(({ name, colour, key }) => ({
    name: String(name),
    colour: `var(--${colour})`,
    // A summary may be older than a kind of product.
    of: ({ byProduct }: PolicySummary["bytes"]["onLink"]) =>
      (byProduct as Readonly<Record<string, number>>)[key] ?? 0,
  })),
  { name: "framing", colour: "var(--plan)", of: ({ framing }) => framing },
  { name: "sent again", colour: "var(--trouble)", of: ({ retransmission }) => retransmission },
  { name: "idle fill", colour: "url(#idle)", of: ({ idle }) => idle },
];

const hatch = html`<svg width="0" height="0" style="position:absolute" aria-hidden="true">
  <defs>
    <pattern id="idle" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" style="fill:var(--panel)" />
      <line y2="5" style="stroke:var(--plan);stroke-width:3" />
    </pattern>
  </defs>
</svg>`;

const dotRow = (total: number, baseline: number, span: readonly [number, number], colour: string): Markup => {
  const at = (value: number): string => percent(alongDecades(value, span));
  const right = alongDecades(total, span) > 0.45;
  return html`<svg
    role="img"
    aria-label="${bytesText(total)} on a logarithmic scale"
    width="100%"
    height="22"
  >
    <line class="grid" x1="0" x2="100%" y1="21.5" y2="21.5" />
    ${baseline > 0 && html`<line class="mark" x1="${at(baseline)}" x2="${at(baseline)}" y1="0" y2="22" />`}
    ${total > 0 && html`<circle class="dot" cx="${at(total)}" cy="11" r="5.5" style="fill:${colour}" />`}
    <text
      x="${total > 0 ? at(total) : "0"}"
      dx="${right ? -10 : 10}"
      y="15"
      text-anchor="${right ? "end" : "start"}"
      style="fill:var(--ink)"
    >
      ${bytesText(total)}
    </text>
  </svg>`;
};

const composition = (link: PolicySummary["bytes"]["onLink"], policy: string): Markup => {
  let at = 0;
  const drawn = parts.flatMap(({ name, colour, of }) => {
    const value = of(link);
    if (value <= 0) return [];
    const share = value / link.total;
    const from = at;
    at += share;
    // Names stand in bars that hold them; every part is in the table of bytes below.
    const fits = share > 0.3 && name !== "framing" && name !== "lossy tiles";
    const text =
      fits &&
      html`<text
        x="${percent(from)}"
        dx="5"
        y="15"
        style="${name === "idle fill" ? "fill:var(--ink);paint-order:stroke;stroke:var(--panel);stroke-width:4px" : "fill:var(--panel)"}"
        >${bytesText(value)}</text
      >`;
    return [
      html`<rect
          x="${percent(from)}"
          y="2"
          width="${percent(share)}"
          height="18"
          style="fill:${colour};stroke:var(--panel);stroke-width:.7"
          ><title>${name}: ${bytesText(value)}, ${shareText(share)}</title></rect
        >${text}`,
    ];
  });
  const words = parts.flatMap(({ name, of }) =>
    of(link) > 0 ? [`${name} ${shareText(of(link) / link.total)}`] : [],
  );
  return html`<svg
    class="whole"
    role="img"
    aria-label="${policy}: ${words.join(", ")}"
    width="100%"
    height="22"
  >
    ${drawn}
  </svg>`;
};

/**
 * Bytes on the link, policy by policy: a dot on a logarithmic axis, and beside it what they are made of, to 100 %.
 * A bar on a logarithmic axis would have no zero; on a linear one, half of the policies cannot be seen.
 */
export const bytesChart = (policies: readonly PolicySummary[]): Markup => {
  const totals = policies.map(({ bytes }) => bytes.onLink.total);
  const baseline = Math.max(...policies.map(({ bytes }) => bytes.rawLosslessFramed));
  const span = decades([...totals, baseline]);
  const used = parts.filter(({ of }) => policies.some(({ bytes }) => of(bytes.onLink) > 0));
  if (span === null)
    return html`<h3>Bytes on the link</h3>
      <p class="empty">Nothing was sent.</p>`;
  const smallest = policies.toSorted(
    (a, b) => a.bytes.onLink.total - b.bytes.onLink.total,
  )[0] as PolicySummary;
  const idle = smallest.bytes.onLink.total > 0 ? smallest.bytes.onLink.idle / smallest.bytes.onLink.total : 0;
  return html`<h3>Bytes on the link</h3>
    ${hatch}
    <div class="row bytes head">
      <span></span
      ><span class="ends"
        ><span>${bytesText(10 ** span[0])}</span><span>log</span
        ><span>${bytesText(10 ** span[1])}</span></span
      ><span class="whole">what they are, to 100${"\u202f"}%</span>
    </div>
    ${policies.map(
      ({ policy, bytes }) =>
        html`<div class="row bytes">
          <span class="name">${policy}</span
          >${dotRow(bytes.onLink.total, baseline, span, policyColour(policy))}${
            bytes.onLink.total > 0
              ? composition(bytes.onLink, policy)
              : html`<span class="whole">nothing sent</span>`
          }
        </div>`,
    )}
    <ul class="legend">
      ${used.map(
        ({ name, colour }) =>
          html`<li>
            <span
              class="swatch"
              style="background:${name === "idle fill" ? "repeating-linear-gradient(45deg,var(--plan) 0 2px,var(--panel) 2px 4px)" : colour}"
            ></span
            >${name}
          </li>`,
      )}
    </ul>
    <p class="note">
      ${baseline > 0 && `Dashed: the same imagery as lossless tiles, framed: ${bytesText(baseline)}. `}${
        idle > 0.02 &&
        `${shareText(idle)} of what ${smallest.policy} sends is idle fill: frames that small batches do not fill up.`
      }
    </p>`;
};
