/** Bundles between two installations: real stores, fleets and backtests. */
import assert from "node:assert/strict";
import { readBundle } from "../../../lib/bundles/bundle_file.ts";
import { BundleService } from "../../../lib/bundles/service.ts";
import { serverParts } from "../../../lib/backtest/server_parts.ts";
import type { RunningBacktests } from "../../../lib/backtest/service.ts";
import {
  type BacktestRequestInput,
  backtestRequestSchema,
  type BacktestView,
} from "../../../lib/contracts/backtest.ts";
import type { BundleExport } from "../../../lib/contracts/bundle.ts";
import { agentConfig } from "../../support/config.ts";
import { type Rig, withRig } from "../backtest/service_rig.ts";
import { type FleetWorld, withFleet } from "../fleet/world.ts";
import { createMemoryAuthors } from "./memory_authors.ts";

const ADA = { userId: "usr_1", email: "ada@example.com", via: "api" } as const;
const BOB = { userId: "usr_2", email: "bob@example.com", via: "api" } as const;
const TEMPLATE = "fvg-moderate";
const DATA = { kind: "simulated", candles: 1_500, seed: 7 } as const;

interface Installation {
  world: FleetWorld;
  rig: Rig;
  backtests: RunningBacktests;
  bundles: BundleService;
}

async function withInstallation(
  run: (installation: Installation) => Promise<void>,
): Promise<void> {
  await withFleet((world) =>
    withRig(async (rig) => {
      const { run: runReally } = serverParts({
        candlesDir: "/nowhere",
        workers: null,
      });
      const backtests = await rig.start({ run: runReally, retained: 20 });
      try {
        await run({
          world,
          rig,
          backtests,
          bundles: new BundleService({
            fleet: world.fleet,
            backtests,
            nowMs: () => 0,
            audit: (entry) => world.store.audit(entry),
            ...createMemoryAuthors(),
          }),
        });
      } finally {
        await backtests.drain();
      }
    })
  );
}

async function runTemplate(
  { backtests, rig }: Installation,
  changes: Partial<BacktestRequestInput> = {},
): Promise<BacktestView> {
  const request = backtestRequestSchema.parse({
    config: agentConfig({ name: "run of mine" }, TEMPLATE),
    data: DATA,
    lookAheadCheck: false,
    monteCarloRuns: 0,
    randomEntryRuns: 0,
    ...changes,
  });
  const { id } = await backtests.submit(request, ADA);
  return await rig.until(id, "done");
}

function wish(changes: Partial<BundleExport> = {}): BundleExport {
  return {
    source: { kind: "template", name: TEMPLATE },
    name: "adas-gaps",
    authorName: "Ada",
    backtests: [],
    ...changes,
  };
}

Deno.test("a bundle carries figures that another installation can run again", () =>
  withInstallation((ada) =>
    withInstallation(async (bob) => {
      const run = await runTemplate(ada);
      const file = await ada.bundles.export(wish({ backtests: [run.id] }), ADA);
      assert.equal(file.fileName, "adas-gaps.smcbundle.json");
      const preview = await bob.bundles.read(file.text, {
        against: TEMPLATE,
        caller: BOB,
      });
      assert.equal(preview.standing, "new");
      assert.deepEqual(preview.parts[0]!.changes, []);
      assert.equal(preview.evidence[0]!.tradesHash, run.summary!.tradesHash);
      const [template] = await bob.bundles.import(file.text, {
        names: {},
        caller: BOB,
      });
      assert.equal(template!.name, "adas-gaps");
      const outcomes = async () =>
        (await bob.bundles.checks("adas-gaps")).map(({ outcome }) => outcome);
      assert.deepEqual(await outcomes(), ["not_run"]);
      const check = await bob.bundles.check(
        { template: "adas-gaps", evidence: 0 },
        BOB,
      );
      await bob.rig.until(check.id, "done");
      assert.deepEqual(await outcomes(), ["equal"]);
      assert.throws(
        () => bob.bundles.check({ template: "adas-gaps", evidence: 1 }, BOB),
        { code: "EVIDENCE_NOT_FOUND" },
      );
    })
  ));

Deno.test("BundleService remembers authors, warns of a name with another key, and forgets", () =>
  withInstallation(async ({ bundles }) => {
    const { text } = await bundles.export(wish(), ADA);
    const standing = async (caller: typeof ADA | typeof BOB, of = text) =>
      (await bundles.read(of, { against: null, caller })).standing;
    assert.equal(await standing(ADA), "own");
    assert.equal(await standing(BOB), "new");
    await bundles.import(text, { names: { "adas-gaps": "mine" }, caller: BOB });
    assert.equal(await standing(BOB), "known");
    const [known] = await bundles.authors(BOB.userId);
    const { fingerprint } = known!;
    await bundles.changeAuthor({ fingerprint, name: "Ada L." }, BOB.userId);
    const { knownAs } = await bundles.read(text, {
      against: null,
      caller: BOB,
    });
    assert.equal(knownAs, "Ada L.");
    const eve = { ...ADA, userId: "usr_eve" };
    const forged = await bundles.export(wish({ authorName: "ada l." }), eve);
    assert.equal(await standing(BOB, forged.text), "name_taken");
    await bundles.changeAuthor({ fingerprint, name: null }, BOB.userId);
    assert.deepEqual(await bundles.authors(BOB.userId), []);
    await assert.rejects(
      bundles.changeAuthor({ fingerprint, name: null }, BOB.userId),
      { code: "NOT_FOUND" },
    );
  }));

Deno.test("BundleService refuses figures that are not of what is shared", () =>
  withInstallation(async (ada) => {
    const other = await runTemplate(ada, {
      config: agentConfig({ name: "other", seed: 99 }, TEMPLATE),
    });
    await assert.rejects(
      ada.bundles.export(wish({ backtests: [other.id] }), ADA),
      { code: "EVIDENCE_FOREIGN", message: /other settings \(seed\)/ },
    );
    const study = await runTemplate(ada, {
      study: { kind: "sweep", grid: { "risk.riskPerTradePct": [0.5, 1] } },
    });
    await assert.rejects(
      ada.bundles.export(wish({ backtests: [study.id] }), ADA),
      { code: "EVIDENCE_FOREIGN", message: /tries several configurations/ },
    );
  }));

Deno.test("an agent is shared without its name, key and sources, and is taken in all or none", () =>
  withInstallation(async ({ bundles, world }) => {
    const { id } = await world.spawn({ name: "Alpha One" });
    const { text } = await bundles.export(
      wish({ source: { kind: "agent", id } }),
      ADA,
    );
    assert.doesNotMatch(text, new RegExp(`${id}|usr_1|@example`));
    assert.equal(readBundle(text).parts[0]!.config.mode, "paper");
    const take = () => bundles.import(text, { names: {}, caller: BOB });
    const [template] = await take();
    assert.equal(template!.owner?.id, BOB.userId);
    assert.equal(template!.bundle?.author.name, "Ada");
    await assert.rejects(take(), { code: "TEMPLATE_NAME_TAKEN" });
    const compared = bundles.compare(["adas-gaps", TEMPLATE]);
    assert.ok(compared.settings.length > 0);
    for (const { values } of compared.settings) {
      assert.equal(values.length, 2);
      assert.notDeepEqual(values[0], values[1]);
    }
    assert.throws(() => bundles.compare(["adas-gaps", "nobody"]), {
      code: "TEMPLATE_NOT_FOUND",
    });
  }));
