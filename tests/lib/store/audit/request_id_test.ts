import assert from "node:assert/strict";
import type { AuditRecord } from "../../../../lib/contracts/audit_trail.ts";
import {
  hashOf,
  ROOT_HASH,
  storableEntry,
} from "../../../../lib/store/audit/chain.ts";
import {
  collectCheckpoints,
  verifyLines,
} from "../../../../lib/store/audit/verify_lines.ts";
import { parseLine, recordLine } from "../../../../lib/store/audit/lines.ts";
import { openStore } from "../../../../lib/store/open_store.ts";
import { auditOf, ManualTime } from "../support.ts";
import { OLD_EXPORT, OLD_KEY } from "./old_export.ts";
import { link } from "./trail.ts";

/** Where an export is wrong first; null where it is whole. */
async function faultOf(lines: readonly string[]): Promise<string | null> {
  const parsed = lines.map(parseLine);
  const checkpoints = await collectCheckpoints(parsed);
  const { faults } = await verifyLines({
    lines: parsed,
    checkpoints: [{ name: "the file", checkpoints }],
    key: OLD_KEY,
    heads: null,
  });
  const [first] = faults;
  return first === undefined ? null : `${first.kind} ${first.n}`;
}

function recordOf(line: string): AuditRecord {
  const parsed = parseLine(line);
  assert(parsed.kind === "record");
  return parsed.record;
}

Deno.test("verifyLines() takes entries of a build that knew no ids of requests, and finds one that was given one later", async () => {
  assert.equal(await faultOf(OLD_EXPORT), null);
  const [first] = OLD_EXPORT;
  for (const requestId of [null, "req_of_somebody"]) {
    const given = recordLine({ ...recordOf(first!), requestId });
    assert.equal(
      // deno-lint-ignore no-await-in-loop -- two
      await faultOf([given, ...OLD_EXPORT.slice(1)]),
      "edited 1",
    );
  }
});

Deno.test("an entry that names its request follows one of a build that knew none, and its hash covers the name", async () => {
  const old = OLD_EXPORT.slice(0, 3).map(recordOf);
  const entry = storableEntry({
    ...auditOf("stop"),
    requestId: "req_12345678",
  });
  const place = { stream: "commands", n: 4, prev: old.at(-1)!.hash! } as const;
  const lines = (record: AuditRecord) => [
    ...OLD_EXPORT.slice(0, 3),
    recordLine(record),
    // The checkpoint is of the third.
    ...OLD_EXPORT.slice(3),
  ];
  const record = link(entry, place);
  const unsigned = await faultOf(lines(record));
  for (const requestId of [null, "req_87654321"]) {
    assert.equal(
      // deno-lint-ignore no-await-in-loop -- two
      await faultOf(lines({ ...record, requestId })),
      "edited 4",
    );
  }
  const { requestId: _, ...nameless } = record;
  assert.equal(await faultOf(lines(nameless)), "edited 4");
  assert.notEqual(unsigned, "edited 4", "as it was written it is whole");
  assert.notEqual(
    hashOf({ ...place, entry }),
    hashOf({ ...place, entry: { ...entry, requestId: null } }),
  );
});

Deno.test("audit() stores the id of the request, null for none, and finds entries by it", async () => {
  const store = await openStore({ path: ":memory:", time: new ManualTime(1) });
  try {
    await store.audit({ ...auditOf("stop"), requestId: "req_12345678" });
    await store.audit({ ...auditOf("auth.login"), requestId: "req_12345678" });
    await store.audit(auditOf("start"));
    const all = await store.auditQuery({}, { limit: 10, cursor: null });
    assert.deepEqual(
      all.items.map(({ action, requestId }) => [action, requestId]).sort(),
      [
        ["auth.login", "req_12345678"],
        ["start", null],
        ["stop", "req_12345678"],
      ],
    );
    assert(all.items.every((record) =>
      record.prev === ROOT_HASH ||
      all.items.some(({ hash }) => hash === record.prev)
    ));
    const ofRequest = await store.auditQuery(
      { requestId: "req_12345678" },
      { limit: 10, cursor: null },
    );
    assert.deepEqual(
      ofRequest.items.map(({ action }) => action).sort(),
      ["auth.login", "stop"],
    );
  } finally {
    await store.close();
  }
});
