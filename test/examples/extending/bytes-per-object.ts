import { formatBytes } from "../../../pipeline/format.ts";
import { html, type Markup } from "../../../measure/report/drawing/html.ts";
import type { ReportInput } from "../../../measure/report/run/report-input.ts";

/** What an object that came down has cost on the link; `null` where none did. */
export const bytesPerObject = ({ summary }: ReportInput): Markup | null => {
  const found = summary.policies.filter(({ detections }) => detections.delivered > 0);
  if (found.length === 0) return null;
  return html`<ul>
    ${found.map(
      ({ policy, bytes, detections }) =>
        html`<li>${policy}: ${formatBytes(bytes.onLink.total / detections.delivered)} an object</li>`,
    )}
  </ul>`;
};
