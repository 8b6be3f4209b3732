/*
 * Who may do what on the bus: the one table that server configurations, `docs/security.md` and the tests of roles are made from.
 * Patterns are NATS's: `*` is one token, `>` the rest. The subjects are those of `../bus/subjects.ts`, of any run.
 */

/** Who takes part in a run. */
export type Role = "mission-control" | "satellite" | "station" | "centre" | "subscriber" | "observer";

/** All roles; of satellites and stations there are several, each with its name. */
export const roles: readonly Role[] = [
  "mission-control",
  "satellite",
  "station",
  "centre",
  "subscriber",
  "observer",
];

/** Something that a role may do. */
export interface Grant {
  readonly verb: "publish" | "subscribe";
  /** `{name}` stands for the name of the satellite or station. */
  readonly subject: string;
  readonly purpose: string;
}

const publish = (subject: string, purpose: string): Grant => ({ verb: "publish", subject, purpose });
const subscribe = (subject: string, purpose: string): Grant => ({ verb: "subscribe", subject, purpose });

/** What anybody does who reads a stream: its state, and consumers whose names nobody can guess. */
const reading: readonly Grant[] = [
  publish("$JS.API.INFO", "whether there is JetStream"),
  publish("$JS.API.STREAM.INFO.*", "how far a stream is"),
  publish("$JS.API.STREAM.NAMES", "which runs there are"),
  publish("$JS.API.STREAM.LIST", "which runs there are"),
  publish("$JS.API.CONSUMER.INFO.*.*", "how far its reading is"),
  publish("$JS.API.CONSUMER.MSG.NEXT.*.*", "the next messages of a consumer that it made"),
  publish("$JS.API.CONSUMER.DELETE.*.*", "the end of its reading"),
  subscribe("_INBOX_{name}.>", "answers of the server, to nobody else"),
];

const readsStream = (filter: string, purpose: string): Grant =>
  publish(`$JS.API.CONSUMER.CREATE.*.*.${filter}`, purpose);

/** Values may lie in parts: `<key>.part.<hash>.<n>`. */
const readsValue = (key: string, purpose: string): readonly Grant[] => [
  publish(`$JS.API.DIRECT.GET.*.$KV.*.${key}`, purpose),
  publish(`$JS.API.DIRECT.GET.*.$KV.*.${key}.part.>`, purpose),
];

const writesValue = (key: string, purpose: string): readonly Grant[] => [
  publish(`$KV.*.${key}`, purpose),
  publish(`$KV.*.${key}.part.>`, purpose),
];

const plan: readonly Grant[] = [
  ...readsValue("plan", "reads the plan"),
  publish("$JS.API.DIRECT.GET.*.$KV.*.lease", "finds the run"),
];

/** What each role may do; all else is refused by the server. */
export const grants: Readonly<Record<Role, readonly Grant[]>> = {
  "mission-control": [
    ...reading,
    publish("$JS.API.STREAM.CREATE.*", "makes a run's streams"),
    publish("$JS.API.STREAM.UPDATE.*", "says how long results stay"),
    publish("$JS.API.STREAM.DELETE.*", "removes what a run kept"),
    publish("$JS.API.DIRECT.GET.*.$KV.*.>", "reads plan, lease and ledgers"),
    ...writesValue("plan", "announces the plan"),
    publish("$KV.*.lease", "says that the run lives"),
    publish("$KV.*.fleet", "agrees with other shards"),
    publish("$KV.*.finished.*", "says that a shard has finished"),
    publish("swath.*.*.alive.shard.*", "says that a shard lives"),
    subscribe("swath.*.*.alive.>", "hears who lives"),
    publish("swath.*.*.event.mission-control", "says the mission record as it grows"),
    readsStream("swath.*.*.event.>", "hears what happens on board"),
    publish("swath.*.*.task.*", "hands out acquisitions"),
    publish("swath.*.*.ground.mission-control", "gives orders while a run is at work"),
    publish("swath.*.*.row.*", "ledgers of a simulated fleet"),
    publish("swath.*.*.mesh.*", "notes between shards of a simulated fleet"),
    readsStream("swath.*.*.row.*", "reads the ledgers of a simulated fleet"),
    readsStream("swath.*.*.mesh.>", "reads the notes of other shards"),
  ],
  satellite: [
    ...reading,
    ...plan,
    readsStream("swath.*.*.task.{name}", "takes its acquisitions"),
    publish("$JS.ACK.*.{name}.>", "takes its acquisitions off the queue"),
    publish("$JS.ACK.*.*.*.{name}.>", "the same, in a JetStream domain"),
    publish("swath.*.*.alive.satellite.{name}", "says that it lives"),
    publish("swath.*.*.link.{name}.*", "sends frames down"),
    readsStream("swath.*.*.link.{name}.*", "sees what it sent in a former life"),
    readsStream("swath.*.*.nak.{name}", "hears what the ground says"),
    publish("swath.*.*.mesh.{name}", "says what it hands over"),
    publish("swath.*.*.event.{name}", "tells those who watch what happens on board"),
    readsStream("swath.*.*.mesh.>", "hears what others hand over"),
    ...writesValue("ledger.satellite.{name}", "hands in its ledger"),
    ...readsValue("ledger.satellite.{name}", "finds the ledger of a former life"),
  ],
  station: [
    ...reading,
    ...plan,
    publish("swath.*.*.alive.station.{name}", "says that it lives"),
    readsStream("swath.*.*.link.*.{name}", "hears satellites"),
    publish("swath.*.*.nak.*", "says what it missed"),
    publish("swath.*.*.ground.{name}", "hands frames to the mission centre"),
    ...writesValue("ledger.station.{name}", "hands in its ledger"),
    ...readsValue("ledger.station.{name}", "replaces the ledger of a former life"),
  ],
  centre: [
    ...reading,
    ...plan,
    readsStream("swath.*.*.ground.>", "hears stations"),
    publish("swath.*.*.nak.*", "requests tiles"),
    publish("swath.*.*.result.>", "publishes detections"),
  ],
  subscriber: [
    ...reading,
    readsStream("swath.*.*.result.>", "reads detections"),
    subscribe("swath.*.*.result.>", "hears detections as they land"),
  ],
  observer: [
    ...reading,
    ...plan,
    ...readsValue("ledger.>", "reads ledgers").slice(0, 1),
    // Not tasks: they are a queue, and whoever may make a consumer of it can keep the satellite from it.
    ...["link", "nak", "ground", "mesh", "row", "result", "event"].map((kind) =>
      readsStream(`swath.*.*.${kind}.>`, "reads what a run keeps"),
    ),
    subscribe("swath.>", "hears all that a run says"),
  ],
};

/** The grants of one that takes part; `name` is that of the satellite or station, or the role's own. */
export const grantsOf = (role: Role, name: string): readonly Grant[] =>
  grants[role].map((grant) => ({ ...grant, subject: grant.subject.replaceAll("{name}", name) }));

/**
 * What is refused in spite of a grant. Consumers are named at random and so are their maker's alone, but for the task queues of satellites,
 * whose names are known: nobody else may take from them.
 */
export const denialsOf = (name: string, satellites: readonly string[]): readonly string[] =>
  satellites
    .filter((satellite) => satellite !== name)
    .flatMap((satellite) =>
      ["MSG.NEXT", "INFO", "DELETE"].map((what) => `$JS.API.CONSUMER.${what}.*.${satellite}`),
    );

const tokenMatches = (pattern: string, token: string): boolean => pattern === "*" || pattern === token;

/** Whether a pattern covers a subject, as NATS has it. */
export const covers = (pattern: string, subject: string): boolean => {
  const [wanted, got] = [pattern.split("."), subject.split(".")];
  const rest = wanted.indexOf(">");
  const fixed = rest < 0 ? wanted : wanted.slice(0, rest);
  const isLong = rest < 0 ? got.length === wanted.length : got.length > rest;
  return isLong && fixed.every((one, at) => tokenMatches(one, got[at] ?? ""));
};

/** One whose word something may be: a role, and the name that it must have; `null`: any of that role. */
export interface Speaker {
  readonly role: Role;
  readonly name: string | null;
}

const control: Speaker = { role: "mission-control", name: null };

/** Whose word a message on a subject may be; nobody's where it is no subject of a run. */
export const speakersOf = (subject: string): readonly Speaker[] => {
  const [, , , kind, name = "", third = ""] = subject.split(".");
  switch (kind) {
    case "task":
    case "row":
      return [control];
    case "link":
      return [{ role: "satellite", name }];
    case "nak":
      return [
        { role: "station", name: null },
        { role: "centre", name: null },
      ];
    case "ground":
      return name === "mission-control" ? [control] : [{ role: "station", name }];
    case "mesh":
      // Shards of a simulated fleet are numbers.
      return [{ role: "satellite", name }, ...(/^shard-\d+$/.test(name) ? [control] : [])];
    case "result":
      return [{ role: "centre", name: null }];
    case "event":
      return name === "mission-control" ? [control] : [{ role: "satellite", name }];
    case "alive":
      if (name === "shard") return [control];
      return name === "satellite" || name === "station" ? [{ role: name, name: third }] : [];
    default:
      return [];
  }
};

/** Whose word a value of a run's bucket may be. */
export const writersOf = (key: string): readonly Speaker[] => {
  const [kind, what, ...name] = key.split(".");
  if (kind === "plan" || kind === "fleet" || kind === "finished") return [control];
  const isLedger = kind === "ledger" && (what === "satellite" || what === "station");
  return isLedger ? [{ role: what, name: name.join(".") }] : [];
};
