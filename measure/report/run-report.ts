import { formatCountOf } from "../../pipeline/format.ts";
import { softwareText } from "../summary/provenance-summary.ts";
import { html } from "./drawing/html.ts";
import { renderPage } from "./drawing/page.ts";
import { withoutFoldersIn } from "./drawing/paths.ts";
import { keyFigures } from "./run/key-figures.ts";
import { opening, pageTitle } from "./run/headline.ts";
import { reportSections } from "./run/registry.ts";
import type { ReportInput } from "./run/report-input.ts";
import { objectStyle } from "./run/who-saw-what.ts";

/** What a reader elsewhere can do nothing with, and nobody meant to send: folders of the machine that ran it. */
const forReaders = (input: ReportInput): ReportInput => ({
  ...input,
  summary: withoutFoldersIn(input.summary),
  notes: withoutFoldersIn(input.notes ?? []),
  reproduce: withoutFoldersIn(input.reproduce),
});

/**
 * The report of a run: one HTML page that needs nothing else, neither network nor script. The answer stands first, then what it
 * rests on; a section without data says so in a line. The same input always makes the same text.
 * Throws `SwathError("config")` when a picture is not a data URI.
 */
export const renderReport = (given: ReportInput): string => {
  const input = forReaders(given);
  const { summary } = input;
  const { dataset, model, constellation, stations, runId } = summary;
  const sections = reportSections.flatMap(({ id, title, render }) => {
    const body = render(input);
    return body === null ? [] : [{ id, title, body }];
  });
  const version = softwareText(summary.provenance.swath);
  return renderPage({
    title: pageTitle(summary),
    about: [
      runId,
      `${dataset.name} · ${constellation.spec}, ${formatCountOf(constellation.satellites.length, "satellite")} · ${formatCountOf(stations.length, "station")} · ${model.name} ${model.version}`,
    ],
    header: html`${opening(input)} ${keyFigures(input)}`,
    sections,
    foot: `${runId} · made by Swath ${version} · this page is one file and loads nothing`,
    style: objectStyle,
  });
};
