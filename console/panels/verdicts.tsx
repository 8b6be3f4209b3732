import { useComputed } from "@preact/signals";
import { bytesText, celsiusText, chargeText, percentText } from "../look/figures.ts";
import { showPolicy } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { finalCells, type VerdictCell } from "../reading/final-verdicts.ts";
import type { Prepared } from "../reading/prepared.ts";
import type { VerdictsSoFar } from "../state/state-at.ts";

const wordOf = (fits: boolean | null): string =>
  fits === false ? "does not fit" : fits === null ? "not limited" : "fits";

/** The five verdicts by measures so far. */
export const verdictCells = ({ head, shortNames }: Prepared, so: VerdictsSoFar): readonly VerdictCell[] => {
  const { battery, heat, store_bytes } = head.spacecraft;
  const who = (satellite: number): string => shortNames[satellite] ?? "";
  const { link, computer, power, heat: hottest, store } = so;
  const cells: readonly Omit<VerdictCell, "word">[] = [
    {
      name: "link",
      fits: link.bytes <= link.capacity,
      figure: `${bytesText(link.bytes)} of ${bytesText(link.capacity)}`,
      of: "on the link, of what the contacts could carry",
      share: link.capacity === 0 ? 0 : link.bytes / link.capacity,
    },
    {
      name: "computer",
      fits: computer.busy < 1,
      figure: percentText(computer.busy),
      of: `busy, mean of ${head.satellites.length.toLocaleString("en-GB")} computers`,
      share: computer.busy,
    },
    {
      name: "power",
      fits: power === null || battery === null ? null : power.charge > battery.floor,
      figure: power === null ? "" : `${chargeText(power.charge)} %`,
      of:
        power === null || battery === null
          ? "taken for granted"
          : `lowest charge (${who(power.satellite)}), floor ${chargeText(battery.floor)} %`,
      share: power === null || battery === null ? 0 : (1 - power.charge) / (1 - battery.floor),
    },
    {
      name: "heat",
      fits: hottest === null || heat === null ? null : hottest.kelvin < heat.slows_from_k,
      figure: hottest === null ? "" : `${celsiusText(hottest.kelvin)} °C`,
      of:
        hottest === null || heat === null
          ? "taken for granted"
          : `hottest (${who(hottest.satellite)}), slows from ${celsiusText(heat.slows_from_k).replace(/\.0$/, "")} °C`,
      // From 0 °C, where nobody worries, to where the computer slows down.
      share: hottest === null || heat === null ? 0 : (hottest.kelvin - 273.15) / (heat.slows_from_k - 273.15),
    },
    {
      name: "store",
      fits: store === null ? null : store.bytes < store_bytes,
      figure: store === null ? bytesText(0) : bytesText(store.bytes),
      of: `fullest${store === null ? "" : ` (${who(store.satellite)})`}, of ${bytesText(store_bytes)}`,
      share: store === null ? 0 : store.bytes / store_bytes,
    },
  ];
  return cells.map((cell) => ({ ...cell, word: wordOf(cell.fits) }));
};

const Verdict = ({ cell }: { readonly cell: VerdictCell }) => {
  const { name, fits, word, figure, of, share } = cell;
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <div class={fits === false ? "trouble" : "fits"}>
      <div class="line">
        <span aria-hidden="true">{fits === false ? "✕" : fits === null ? "–" : "✓"}</span>
        <b>{name}</b>
        <span class="word">{word}</span>
        <span class="figure">{figure}</span>
      </div>
      <div class="of">{of}</div>
      <svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 3">
        <rect x="0" y="0" width={Math.max(width, 1)} height="3" fill="currentColor" opacity="0.75" />
      </svg>
    </div>
  );
};

/** Link, computer, power, heat, store: never scrolled away. A run that failed has one line in their place. */
export const Verdicts = () => {
  const console = useConsole();
  const { desk, run, state, policyLabel } = console;
  const atEnd = useComputed(
    () => desk.readT.value >= desk.extent.value.to && run.value?.head.state === "finished",
  );
  // A run without a day in a steady state has measures alone.
  const final = useComputed(() => {
    const verdicts = run.value?.verdicts.get(policyLabel.value ?? "");
    const isKnown = verdicts?.limits.some(({ verdict }) => verdict !== "unknown") ?? false;
    return atEnd.value && isKnown ? (verdicts ?? null) : null;
  });
  const cells = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return null;
    const { head: of, shortNames } = prepared;
    if (final.value !== null)
      return finalCells(final.value, (name) => shortNames[of.satellites.indexOf(name)] ?? name);
    return state.value === null ? null : verdictCells(prepared, state.value.verdicts);
  });
  const head = run.value?.head;
  if (head?.failure !== undefined && head.failure !== null)
    return (
      <div class="verdicts failed" role="alert">
        ✕ {head.failure}
      </div>
    );
  const ordered = cells.value?.toSorted((a, b) => Number(a.fits ?? true) - Number(b.fits ?? true)) ?? [];
  return (
    <section class="verdicts" aria-label="Verdicts">
      <div class="head">
        <b>{final.value !== null ? "Verdict" : atEnd.value ? "Measured" : "Verdict so far"}</b>
        {policyLabel.value ?? ""}
      </div>
      {(cells.value?.every(({ fits }) => fits !== false) === true ? (cells.value ?? []) : ordered).map(
        (cell) => (
          <Verdict key={cell.name} cell={cell} />
        ),
      )}
      {head !== undefined && (
        <select
          class="narrow"
          aria-label="Policy"
          value={policyLabel.value ?? ""}
          onChange={(event) => showPolicy(console, event.currentTarget.value)}
        >
          {head.policies.map(({ label }) => (
            <option key={label} value={label}>
              {label}
            </option>
          ))}
        </select>
      )}
      {head !== undefined && head.spacecraft.figures !== null && (
        <div class="foot">
          {head.spacecraft.published_figures} of {head.spacecraft.figures} spacecraft
          <br />
          figures published
        </div>
      )}
    </section>
  );
};
