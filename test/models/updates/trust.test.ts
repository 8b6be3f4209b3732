import { describe, expect, it } from "vitest";
import type { ModelFiles } from "../../../models/updates/model-files.ts";
import { signRoot, signedText, tufTime } from "../../../models/updates/signed-metadata.ts";
import { farthestAhead, firstTrust, proveRelease, type TrustState } from "../../../models/updates/trust.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { instant } from "../../../pipeline/units.ts";
import { newSigners, now, orderOf, otherSigners, releaseOf, signed, signers, versions } from "./signing.ts";
import { Snapshot } from "@tufjs/models";
import { signReleases } from "../../../models/updates/signed-metadata.ts";

const files = (text: string): ModelFiles =>
  new Map([
    ["model.json", Buffer.from(`{"version":"${text}"}`)],
    ["net.onnx", Buffer.from(text)],
  ]);
const [v2, v3] = [files("two"), files("three")];
const launch = firstTrust(signers.root.publicKey, { "ships-s2:int8": 1 });

/** The field of the refusal; fails where nothing is refused. */
const refused = (prove: () => unknown): string => {
  try {
    prove();
  } catch (error) {
    if (!isSwathError(error, "model")) throw error;
    const { what, wanted, got, field } = error.parts;
    expect(what).toContain("update-1");
    expect(wanted).toBeTruthy();
    expect(got).toBeTruthy();
    return field ?? "";
  }
  throw new Error("it was believed");
};

/** A satellite that has installed release 2, of versions 5. */
const installed = (): TrustState => {
  const metadata = signed(v2, { versions: { targets: 5, snapshot: 5 } });
  return proveRelease(launch, orderOf(v2, metadata, { sequence: 10 }), metadata, now).trust;
};

describe("what a satellite believes of models", () => {
  it("is what the operator's root says, and it remembers how far it is", () => {
    const metadata = signed(v2);
    const { notes, files: proven, trust } = proveRelease(launch, orderOf(v2, metadata), metadata, now);
    expect(notes).toMatchObject({ model: "ships-s2:int8", release: 2, classes: ["ship"] });
    expect([...proven.keys()]).toEqual(["model.json", "net.onnx"]);
    expect(trust).toEqual({
      ...launch,
      root: metadata.roots[0],
      snapshot: 1,
      targets: 1,
      sequence: 1,
      releases: { "ships-s2:int8": 2 },
    });
    // The next release needs no root: it is on board.
    const next = { ...signed(v3, { release: 3, versions: { targets: 2, snapshot: 2 } }), roots: [] };
    expect(proveRelease(trust, orderOf(v3, next, { sequence: 2 }), next, now).notes.release).toBe(3);
  });

  it("is nothing that another root signed, nothing unsigned, nothing altered", () => {
    const foreign = signed(v2, {}, otherSigners);
    expect(refused(() => proveRelease(launch, orderOf(v2, foreign), foreign, now))).toBe("root");
    const good = signed(v2);
    for (const role of ["snapshot", "targets"] as const) {
      const bare = { ...good, [role]: JSON.stringify({ ...JSON.parse(good[role]), signatures: [] }) };
      // Without its signature targets are no longer those of the snapshot.
      expect(refused(() => proveRelease(launch, orderOf(v2, bare), bare, now))).toBe(role);
      const others = { ...good, [role]: foreign[role] };
      expect(refused(() => proveRelease(launch, orderOf(v2, others), others, now))).toBe(role);
    }
    const altered = { ...good, snapshot: good.snapshot.replace('"version":1', '"version":2') };
    expect(refused(() => proveRelease(launch, orderOf(v2, altered), altered, now))).toBe("snapshot");
    const rootless = { ...good, roots: [] };
    expect(refused(() => proveRelease(launch, orderOf(v2, rootless), rootless, now))).toBe("root");
    for (const broken of ["", "{}", "null", "[]", '{"signed":{},"signatures":[]}', "\u0000"]) {
      const cut = { ...good, roots: [broken] };
      expect(refused(() => proveRelease(launch, orderOf(v2, cut), cut, now))).toBe("root");
    }
  });

  it("rollback: an older snapshot, older targets, an older release are refused", () => {
    const trust = installed();
    const old = signed(v2, { versions: { targets: 4, snapshot: 4 } });
    expect(refused(() => proveRelease(trust, orderOf(v2, old, { sequence: 11 }), old, now))).toBe("snapshot");
    const oldTargets = signed(v2, { versions: { targets: 4, snapshot: 6 } });
    expect(
      refused(() => proveRelease(trust, orderOf(v2, oldTargets, { sequence: 11 }), oldTargets, now)),
    ).toBe("targets");
    const oldRelease = signed(v3, { release: 1, versions: { targets: 6, snapshot: 6 } });
    expect(
      refused(() => proveRelease(trust, orderOf(v3, oldRelease, { sequence: 11 }), oldRelease, now)),
    ).toBe("release");
  });

  it("freeze: what was heard before, what has expired, and a snapshot that the order does not name are refused", () => {
    const trust = installed();
    const metadata = signed(v3, { release: 3, versions: { targets: 6, snapshot: 6 } });
    for (const sequence of [1, 9, 10])
      expect(refused(() => proveRelease(trust, orderOf(v3, metadata, { sequence }), metadata, now))).toBe(
        "sequence",
      );
    const late = instant(now + 31 * 86_400);
    expect(refused(() => proveRelease(trust, orderOf(v3, metadata, { sequence: 11 }), metadata, late))).toBe(
      "root",
    );
    const shortLived = signReleases(
      [releaseOf(v3, 3)],
      signers,
      versions({ targets: 6, snapshot: 6, expires: instant(now - 60) }),
    );
    expect(
      refused(() =>
        proveRelease(trust, orderOf(v3, shortLived, { sequence: 11 }), { ...shortLived, roots: [] }, now),
      ),
    ).toBe("snapshot");
    const named = orderOf(v3, metadata, { sequence: 11, snapshot: "0".repeat(64) });
    expect(refused(() => proveRelease(trust, named, metadata, now))).toBe("snapshot");
  });

  it("mix-and-match: targets of another snapshot, a model of other files are refused", () => {
    const a = signed(v2, { versions: { targets: 6, snapshot: 6 } });
    const b = signed(v3, { release: 3, versions: { targets: 7, snapshot: 7 } });
    const mixed = { ...b, targets: a.targets };
    expect(refused(() => proveRelease(installed(), orderOf(v3, mixed, { sequence: 11 }), mixed, now))).toBe(
      "targets",
    );
    expect(refused(() => proveRelease(launch, orderOf(v3, a), a, now))).toBe("sha256");
    expect(refused(() => proveRelease(launch, orderOf(v2, a, { model: "clouds" }), a, now))).toBe("model");
  });

  it("fast-forward: numbers that leap are refused, and new keys start anew", () => {
    const trust = installed();
    const leap = 10 + farthestAhead + 1;
    const metadata = signed(v3, { release: 3, versions: { targets: 6, snapshot: 6 } });
    expect(refused(() => proveRelease(trust, orderOf(v3, metadata, { sequence: leap }), metadata, now))).toBe(
      "sequence",
    );
    const far = signed(v3, { release: 3, versions: { targets: 6, snapshot: 5 + farthestAhead + 1 } });
    expect(refused(() => proveRelease(trust, orderOf(v3, far, { sequence: 11 }), far, now))).toBe("snapshot");
    const unsafe = signed(v3, { release: 3, versions: { targets: Number.MAX_SAFE_INTEGER, snapshot: 6 } });
    expect(refused(() => proveRelease(trust, orderOf(v3, unsafe, { sequence: 11 }), unsafe, now))).toBe(
      "targets",
    );
    // A thief has come as far as they let him; the operator gives the role new keys, whose versions count from the start.
    const stolen = signed(v2, { versions: { targets: 5, snapshot: 5 + farthestAhead } });
    const robbed = proveRelease(trust, orderOf(v2, stolen, { sequence: 11 }), stolen, now).trust;
    const fresh = signed(v3, { release: 3, versions: { root: 2, targets: 1, snapshot: 1 } }, newSigners);
    expect(proveRelease(robbed, orderOf(v3, fresh, { sequence: 12 }), fresh, now).trust.snapshot).toBe(1);
  });

  it("a root follows only the one before, signed by it and by itself", () => {
    const trust = installed();
    const next = signed(v3, { release: 3, versions: { root: 3, targets: 6, snapshot: 6 } });
    expect(refused(() => proveRelease(trust, orderOf(v3, next, { sequence: 11 }), next, now))).toBe("root");
    const usurper = { root: otherSigners.root, releases: otherSigners.releases };
    const taken = signed(v3, { release: 3, versions: { root: 2, targets: 6, snapshot: 6 } }, usurper);
    expect(refused(() => proveRelease(trust, orderOf(v3, taken, { sequence: 11 }), taken, now))).toBe("root");
    // The old root's key hands over to another: both sign.
    const handed = { ...taken, roots: [signRoot(usurper, versions({ root: 2 }), [signers.root])] };
    expect(proveRelease(trust, orderOf(v3, handed, { sequence: 11 }), handed, now).notes.release).toBe(3);
  });

  it("a snapshot that names no targets is refused", () => {
    const good = signed(v2);
    const empty = signedText(
      new Snapshot({ specVersion: "1.0.34", version: 1, expires: tufTime(instant(now + 60)), meta: {} }),
      [signers.releases],
    );
    const metadata = { ...good, snapshot: empty };
    expect(refused(() => proveRelease(launch, orderOf(v2, metadata), metadata, now))).toBe("snapshot");
  });
});
