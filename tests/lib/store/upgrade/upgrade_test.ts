import assert from "node:assert/strict";
import { isAuditFamily, VERSIONS_OF_FORMAT } from "./versions.ts";
import {
  type FamilyName,
  KEY_FAMILIES,
  versionOf,
} from "../../../../lib/store/families.ts";
import type { KvConnection } from "../../../../lib/store/kv/connection.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { keys } from "../../../../lib/store/keys.ts";
import { STORE_FORMAT } from "../../../../lib/store/migrate.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { UPGRADE_STEPS } from "../../../../lib/store/upgrade/steps.ts";
import { CURRENT_STAMP } from "../../../../lib/store/upgrade/stamp.ts";
import { JOURNAL_FORMAT } from "../../../../lib/desk/journal/format.ts";
import { decisionEngine } from "../../../../agents/decision_engine.ts";
import { executor } from "../../../../agents/executor.ts";
import { patternDetector } from "../../../../agents/pattern_detector.ts";
import { riskManager } from "../../../../agents/risk_manager.ts";
import {
  FIXTURE_FORMATS,
  readFixture,
  type SchemaFixture,
  type StoredEntry,
} from "../../../support/schema_fixture.ts";
import { ManualTime } from "../support.ts";

const AT = 1_900_000_000_000;
/** Far more than an upgrade of a fixture writes. */
const MAX_WRITES = 200;

async function databaseOf({ entries }: SchemaFixture) {
  const database = createMemoryDatabase();
  const raw = database.connect();
  for (const entry of entries) {
    // deno-lint-ignore no-await-in-loop -- as large as they are
    await raw.write({ checks: [], sets: [entry], deletes: [] });
  }
  return { database, raw };
}

/** Everything but the ids of commits, which are new in each run. */
async function stored(raw: KvConnection): Promise<StoredEntry[]> {
  const entries = await raw.list({ prefix: [] }, { limit: 100_000 });
  return entries.filter(({ key }) => key[0] !== "op")
    .map(({ key, value }) => ({ key, value }));
}

/** Opens and closes a store; after `writes` writes the process is as if killed: none is done any more. */
async function openOnce(
  connection: KvConnection,
  writes = Infinity,
): Promise<{ isKilled: boolean; written: number }> {
  let written = 0;
  const mortal: KvConnection = {
    ...bound(connection),
    write: (write) => {
      if (written >= writes) return Promise.reject(new Error("killed"));
      written++;
      return connection.write(write);
    },
  };
  try {
    const store = await createStore(mortal, { time: new ManualTime(AT) });
    await store.close();
    return { isKilled: false, written };
  } catch {
    return { isKilled: true, written };
  }
}

function bound(connection: KvConnection): KvConnection {
  return {
    get: (key) => connection.get(key),
    getMany: (wanted) => connection.getMany(wanted),
    list: (selector, limits) => connection.list(selector, limits),
    write: (write) => connection.write(write),
    watch: (watched) => connection.watch(watched),
    close: () => connection.close(),
  };
}

for (const format of FIXTURE_FORMATS) {
  const fixture = readFixture(format);

  Deno.test(`checkFormat() brings every value of a store of format ${format} to this build and loses none`, async () => {
    const { database, raw } = await databaseOf(fixture);
    await openOnce(database.connect());
    const after = await stored(raw);
    assert.deepEqual(
      after.find(({ key }) => key[0] === "format")!.value,
      CURRENT_STAMP,
    );
    const byKey = new Map(
      after.map(({ key, value }) => [JSON.stringify(key), value]),
    );
    for (const { key, value } of fixture.entries) {
      const name = key[0] as FamilyName;
      const kept = byKey.get(JSON.stringify(key));
      assert.ok(kept !== undefined, `${JSON.stringify(key)} is lost`);
      if (name === "format") continue;
      if (!isAuditFamily(name)) assert.equal(kept.v, versionOf(name), name);
      if (value.v === kept.v && name !== "audit_head") {
        assert.deepEqual(kept, value);
      }
    }
  });

  Deno.test(`an upgrade from format ${format} that is killed before any of its writes ends the same when it is run again`, async () => {
    const whole = await databaseOf(fixture);
    const { written } = await openOnce(whole.database.connect());
    const expected = await stored(whole.raw);
    assert.ok(written > 1 && written < MAX_WRITES);
    for (let writes = 0; writes < written; writes++) {
      // deno-lint-ignore no-await-in-loop -- one kill after the other
      const { database, raw } = await databaseOf(fixture);
      // deno-lint-ignore no-await-in-loop -- as above
      const { isKilled } = await openOnce(database.connect(), writes);
      assert.ok(isKilled);
      // deno-lint-ignore no-await-in-loop -- as above
      const half = await raw.get<{ format: number }>(keys.format());
      const isTouched = writes > 0;
      if (isTouched) {
        assert.equal(
          half.value!.format,
          STORE_FORMAT,
          "no older build takes up a store that is half new",
        );
      }
      // deno-lint-ignore no-await-in-loop -- as above
      await openOnce(database.connect());
      // deno-lint-ignore no-await-in-loop -- as above
      assert.deepEqual(await stored(raw), expected, `after ${writes} writes`);
    }
  });
}

Deno.test("a step of an upgrade leads to each format, and one brings up every family that has older versions", () => {
  assert.deepEqual(
    UPGRADE_STEPS.map(({ to }) => to),
    Array.from({ length: STORE_FORMAT }, (_, format) => format + 1),
  );
  const named = new Set(UPGRADE_STEPS.flatMap(({ families }) => families));
  const versioned = (Object.keys(KEY_FAMILIES) as FamilyName[]).filter((name) =>
    versionOf(name) > 1 && !isAuditFamily(name)
  );
  assert.deepEqual([...named].toSorted(), versioned.toSorted());
});

Deno.test("STORE_FORMAT goes up with every version of what is stored, so that a backup is made before", () => {
  const families = Object.fromEntries(
    (Object.keys(KEY_FAMILIES) as FamilyName[])
      .filter((name) => versionOf(name) > 1)
      .map((name) => [name, versionOf(name)]),
  );
  const snapshots = Object.fromEntries(
    [patternDetector, decisionEngine, executor, riskManager].map((
      { name, snapshotVersion },
    ) => [name, snapshotVersion]),
  );
  assert.deepEqual(
    { format: STORE_FORMAT, journal: JOURNAL_FORMAT, families, snapshots },
    VERSIONS_OF_FORMAT,
    "A stored shape has changed: raise STORE_FORMAT, add a step to lib/store/upgrade/steps.ts, and write the new versions down in versions.ts",
  );
});
