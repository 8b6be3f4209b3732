import type { Verdict, Verdicts, VerdictSubject } from "../../summary/verdict-summary.ts";
import { bytesText, shareText, timesText, typeset } from "./figures.ts";
import { html, percent, type Markup } from "./html.ts";

/** One policy, or one flight, and how far it is from each limit. */
export interface VerdictRow {
  readonly name: string;
  readonly verdicts: Verdicts;
  readonly isLead: boolean;
}

const heads: Readonly<Record<VerdictSubject, string>> = {
  link: "asked, worst satellite",
  computer: "busy",
  power: "lowest charge",
  heat: "hottest",
  store: "fullest",
};

const celsius = (kelvin: number): string => typeset(`${(kelvin - 273.15).toFixed(1)} °C`);

/** A reason's first words: what stands before a colon or a comma. */
const short = (text: string): string => typeset(text.split(/[:;]/)[0] ?? text);

interface CellText {
  readonly main: string;
  readonly second: string;
  /** How much of the room is used, 0…1. */
  readonly used: number;
}

const whole = ({ all }: Verdict): string => {
  if (all === null || all.limit <= 0) return "";
  const share = all.value / all.limit;
  return `all: ${share > 1 ? timesText(share) : shareText(share)}`;
};

const texts: Readonly<Record<VerdictSubject, (verdict: Verdict, value: number, limit: number) => CellText>> =
  {
    link: (verdict, value, limit) => ({
      main:
        value > limit
          ? `wants ${timesText(limit > 0 ? value / limit : Infinity)}`
          : shareText(limit > 0 ? value / limit : 0),
      second: whole(verdict),
      used: limit > 0 ? value / limit : 1,
    }),
    computer: ({ margin }, value, limit) => ({
      main: value > limit ? `wants ${timesText(value / limit)}` : shareText(value / limit),
      second:
        margin === null
          ? ""
          : margin >= 1
            ? `${timesText(margin)} to spare`
            : `${timesText(margin)} of the work fits`,
      used: value / limit,
    }),
    power: (_, value, limit) => ({
      main: value >= 0.99995 ? "always full" : typeset(`${Math.round(value * 100)} %`),
      second: typeset(`floor ${Math.round(limit * 100)} %`),
      used: limit < 1 ? (1 - value) / (1 - limit) : 1,
    }),
    heat: (_, value, limit) => ({
      main: celsius(value),
      second: typeset(`slows at ${(limit - 273.15).toFixed(0)} °C`),
      used: (value - 273.15) / (limit - 273.15),
    }),
    store: ({ verdict, limitedBy }, value, limit) => ({
      main: verdict === "does not fit" ? short(limitedBy) : bytesText(value),
      second: `of ${bytesText(limit)}`,
      used: limit > 0 ? value / limit : 1,
    }),
  };

const cell = (verdict: Verdict): Markup => {
  const { subject, value, limit, reason, satellite } = verdict;
  if (verdict.verdict === "unknown" || value === null || limit === null)
    return html`<td><span class="hidden">not known: </span>–<small>${reason ?? "not known"}</small></td>`;
  const { main, second, used } = texts[subject](verdict, value, limit);
  const fits = verdict.verdict === "fits";
  const who = !fits && satellite !== null && subject !== "link" ? `${satellite}, ` : "";
  return html`<td class="${!fits && "bad"}">
    <span aria-hidden="true">${fits ? "✓" : "✕"} </span
    ><span class="hidden">${fits ? "fits: " : "does not fit: "}</span
    ><strong class="nowrap-wide">${main}</strong><small>${who}${second}</small
    ><span class="room" aria-hidden="true"
      ><i style="width:${percent(Math.max(0, Math.min(1, used)))}"></i
    ></span>
  </td>`;
};

const dutyCell = ({ largestDuty }: Verdicts): Markup => {
  if (largestDuty === null) return html`<td class="duty">–<small>not known</small></td>`;
  const { duty, work, limitedBy } = largestDuty;
  const main = duty === null ? timesText(work) : shareText(duty);
  const second =
    limitedBy === "light"
      ? `all the light; ${timesText(work)} the work`
      : `${limitedBy}; ${timesText(work)} the work flown`;
  return html`<td class="duty"><strong>${main}</strong><small>${second}</small></td>`;
};

/** A table of rows against the five limits; the lead on a faint ground. On a phone: glyph and number, five columns. */
export const verdictRows = (what: string, rows: readonly VerdictRow[]): Markup => {
  const subjects = rows[0]?.verdicts.limits.map(({ subject }) => subject) ?? [];
  return html`<table class="verdicts">
    <thead>
      <tr>
        <th scope="col"><span class="hidden">${what}</span></th>
        ${subjects.map((subject) => html`<th scope="col">${subject}<small>${heads[subject]}</small></th>`)}
        <th scope="col" class="duty">largest duty<small>of all orbits</small></th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, verdicts, isLead }) =>
          html`<tr class="${isLead && "lead-row"}">
            <th scope="row">${name}</th>
            ${verdicts.limits.map(cell)}${dutyCell(verdicts)}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

/** The first limit that fails, in words. */
export const failing = ({ limits }: Verdicts): string => {
  const bad = limits.filter(({ verdict }) => verdict === "does not fit");
  return bad
    .map(
      ({ subject, limitedBy, satellite }) =>
        `${subject}${satellite === null ? "" : ` of ${satellite}`}: ${typeset(limitedBy)}`,
    )
    .join("; ");
};

/** Whether a policy or flight fits, and what gives way first, in a sentence. */
export const fitSentence = (name: string, verdicts: Verdicts): string => {
  const { fits, limits, givesWayFirst } = verdicts;
  if (fits === false) return `${name} does not fit: ${failing(verdicts)}.`;
  const unknown = limits.filter(({ verdict }) => verdict === "unknown");
  const margin = limits.find(({ subject }) => subject === givesWayFirst)?.margin ?? null;
  const first =
    givesWayFirst === null || margin === null
      ? ""
      : `; as work grows the ${givesWayFirst} gives way first, at ${timesText(margin)}`;
  if (unknown.length === 0) return `${name} fits all five limits${first}.`;
  const names = unknown.map(({ subject }) => subject).join(", ");
  return `${name} fits the limits that are known${first}; not known: ${names}.`;
};
