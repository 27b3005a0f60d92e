import assert from "node:assert/strict";
import { createRng } from "../../../../lib/core/rng.ts";
import {
  type AuditLine,
  parseLine,
} from "../../../../lib/store/audit/lines.ts";
import {
  collectCheckpoints,
  type Verdict,
  verifyLines,
} from "../../../../lib/store/audit/verify_lines.ts";
import { runs } from "../../../support/thorough.ts";
import { HARMS, type Random } from "./harms.ts";
import { exportOf, signer } from "./trail.ts";

const TRIALS = runs({ gate: 2_500, whole: 10_000 });
const SEED = 20_260_901;
const CLEAN = exportOf({ commands: 8, access: 5 }, 4);

/** Lines that were not touched are read once: what is tried is the verifier. */
const known = new Map(CLEAN.map((line) => [line, parseLine(line)]));

async function verify(
  lines: readonly string[],
  key: string | null,
): Promise<Verdict> {
  const parsed: AuditLine[] = lines.map((line) =>
    known.get(line) ?? parseLine(line)
  );
  const checkpoints = await collectCheckpoints(parsed);
  return await verifyLines({
    lines: parsed,
    checkpoints: [{ name: "the file", checkpoints }],
    key,
    heads: null,
  });
}

Deno.test("verifyLines() finds nothing in an export that nobody has touched", async () => {
  const verdict = await verify(CLEAN, signer.key);
  assert.deepEqual(verdict.faults, []);
  assert.deepEqual(
    verdict.streams.map(({ entries, checkpoints, uncovered }) => [
      entries,
      checkpoints,
      uncovered,
    ]),
    [[8, 2, 0], [5, 2, 0]],
  );
});

Deno.test(`verifyLines() finds ${TRIALS} random edits, drops, swaps, insertions and truncations and names the first bad entry`, async () => {
  const rng = createRng(SEED);
  const random: Random = {
    below: (limit) => Math.floor(rng.next() * limit),
    pick: (items) => items[Math.floor(rng.next() * items.length)]!,
  };
  const tried = new Map<string, number>();
  for (let trial = 0; trial < TRIALS; trial++) {
    const [name, harm] = random.pick(Object.entries(HARMS));
    const { lines, stream, first, isEntry = true } = harm(CLEAN, random);
    // deno-lint-ignore no-await-in-loop -- one file after another
    const { faults } = await verify(lines, trial % 2 === 0 ? signer.key : null);
    const where = `seed ${SEED}, trial ${trial}: ${name} at ${stream} ${first}`;
    const found = faults.filter((fault) =>
      fault.stream === stream || fault.stream === null
    );
    assert.notDeepEqual(found, [], where);
    if (isEntry) {
      const { n, upTo } = found[0]!;
      assert.ok(
        n !== null && upTo !== null && n <= first && first <= upTo,
        `${where}, found ${JSON.stringify(faults)}`,
      );
      if (found[0]!.kind !== "rewritten" && upTo > n) {
        assert.equal(found[0]!.kind, "checkpoint missing", where);
      }
    }
    tried.set(name, (tried.get(name) ?? 0) + 1);
  }
  assert.equal(tried.size, Object.keys(HARMS).length, "every harm was tried");
});
