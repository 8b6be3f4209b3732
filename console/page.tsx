import { render } from "preact";
import { useMemo } from "preact/hooks";
import { announce } from "./page/announcer.ts";
import { ConsoleContext, useConsole } from "./page/console-context.ts";
import { keepAddress, openedAddress, runClock, type Tab } from "./page/desk.ts";
import { listenForKeys } from "./page/keyboard.ts";
import { markMilestones } from "./page/milestones.ts";
import { consoleBeside, newConsole, startConsole } from "./page/new-console.ts";
import { Events } from "./panels/events.tsx";
import { Find } from "./panels/find.tsx";
import { Header } from "./panels/header.tsx";
import { Inspector } from "./panels/inspector.tsx";
import { KeysHelp } from "./panels/keys-help.tsx";
import { Lanes } from "./panels/lanes.tsx";
import { Login } from "./panels/login.tsx";
import { Accounts } from "./panels/accounts.tsx";
import { Orders } from "./panels/orders.tsx";
import { Policies } from "./panels/policies.tsx";
import { RunList } from "./panels/run-list.tsx";
import { RunStrip } from "./panels/run-strip.tsx";
import { Transport } from "./panels/transport.tsx";
import { Verdicts } from "./panels/verdicts.tsx";
import { World } from "./panels/world.tsx";

/*
 * Preact, since it is 5 kB and its signals let a clock that ticks sixty times a second redraw what reads it and nothing else; JSX is
 * checked by the compiler that checks the rest. Charts and lanes are drawn on canvas by functions of our own: they mark plan and
 * past, shadows and limits as the map does, which no chart library would.
 */

const tabs: readonly (readonly [Tab, string])[] = [
  ["landed", "Landed"],
  ["satellite", "Satellite"],
  ["policies", "Policies"],
  ["events", "Events"],
];

/** Of the phone; on a desktop everything is there at once. */
const Tabs = () => {
  const { desk } = useConsole();
  return (
    <div class="tabs" role="tablist" aria-label="Panels">
      {tabs.map(([tab, text]) => (
        <button
          type="button"
          role="tab"
          key={tab}
          aria-selected={desk.tab.value === tab}
          onClick={() => (desk.tab.value = tab)}
        >
          {text}
        </button>
      ))}
    </div>
  );
};

/** The map of the run, and of the one beside it. */
const Worlds = () => {
  const console = useConsole();
  const other = useMemo(() => consoleBeside(console), []);
  const { desk } = console;
  if (desk.beside.value === null) return <World />;
  return (
    <div class="worlds">
      <World />
      <ConsoleContext.Provider value={other}>
        <World />
      </ConsoleContext.Provider>
    </div>
  );
};

/** Policies of the run, and of the one beside it at the same time since its start. */
const AllPolicies = () => {
  const console = useConsole();
  const other = useMemo(() => consoleBeside(console), []);
  const { beside } = console.desk;
  return (
    <>
      <Policies />
      {beside.value !== null && (
        <ConsoleContext.Provider value={other}>
          <section class="besidehead">
            <b>{beside.value}</b>, at the same time since its start
            <button type="button" class="plain" onClick={() => (beside.value = null)}>
              close
            </button>
          </section>
          <Policies />
        </ConsoleContext.Provider>
      )}
    </>
  );
};

const Overlays = () => {
  const { sheet } = useConsole().desk;
  if (sheet.value === "runs") return <RunList />;
  if (sheet.value === "find") return <Find />;
  if (sheet.value === "login") return <Login />;
  return sheet.value === "keys" ? <KeysHelp /> : null;
};

/** The whole page. In the order in which the focus goes: header, verdicts, clock, panels, lanes, map. */
const Page = () => {
  const { desk } = useConsole();
  return (
    <>
      <a class="skip" href="#side">
        To the panels
      </a>
      <div class="desk">
        <Header />
        <Verdicts />
        <main class="conductor" aria-label="Clock and lanes">
          <Transport />
          <RunStrip />
          <Lanes />
        </main>
        <Tabs />
        <aside class="side" id="side" data-tab={desk.tab.value} aria-label="Panels">
          <AllPolicies />
          <Orders />
          <Accounts />
          <Inspector />
          <Events />
        </aside>
        <Worlds />
      </div>
      <Overlays />
      <div class="away" role="status" aria-live="polite">
        {desk.said.value}
      </div>
    </>
  );
};

const root = document.getElementById("page");
if (root !== null) {
  const address = openedAddress();
  const console = newConsole(address);
  // At 390 px a flat world is 190 px high: the phone begins with the globe.
  if (window.innerWidth < 900 && !location.search.includes("view=")) console.desk.projection.value = "globe";
  render(
    <ConsoleContext.Provider value={console}>
      <Page />
    </ConsoleContext.Provider>,
    root,
  );
  startConsole(console, address, {
    coarse: root.dataset["coarseLand"] ?? "",
    fine: root.dataset["fineLand"] ?? "",
  });
  runClock(console.desk);
  keepAddress(console.desk);
  markMilestones(console);
  listenForKeys(console);
  announce(console);
}
