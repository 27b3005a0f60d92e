// deno-lint-ignore-file no-console -- prints its figures when it is started by itself
/**
 * Random faults between the store and a remote KV: many callers append, audit
 * and save while requests are lost, torn, late or refused. Afterwards what was
 * promised to them is compared with what is stored. By itself:
 * `deno run -A tests/faults/kv_connect_campaign.ts [operations] [seed]`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { AppError } from "../../lib/core/errors.ts";
import { createRng, type Rng } from "../../lib/core/rng.ts";
import { type OpenedStore, openStore } from "../../lib/store/open_store.ts";
import {
  agentIdOf,
  auditOf,
  recordOf,
  systemDraft,
  systemTime,
} from "../lib/store/support.ts";
import {
  type KvConnectFault,
  type RequestKind,
  startKvConnectServer,
} from "../support/kv_connect/server.ts";
import { fastTime } from "./fast_time.ts";

/** Chance of each fault at each request. A cut strikes everything under way, so it is rarer. */
const FAULT_CHANCES: readonly (readonly [KvConnectFault, number])[] = [
  ["cut", 0.004],
  ["torn", 0.012],
  ["lost_ack", 0.012],
  ["error", 0.01],
  ["hang", 0.008],
  ["late", 0.02],
  ["conflict", 0.02],
];
const CALLERS = 8;
/** The store's deadlines and pauses pass this much faster, so that a hang costs no two seconds. */
const SPEED = 10;

/** What a campaign found. */
export interface CampaignReport {
  seed: number;
  operations: number;
  requests: number;
  faults: Readonly<Partial<Record<KvConnectFault, number>>>;
  /** Calls that ended with STORE_UNAVAILABLE, which leaves open whether they were done. */
  inDoubt: number;
  /** Of those in doubt, how many had been done. */
  doneInDoubt: number;
  /** Acknowledged changes that are not stored, or any that are stored twice. */
  lost: number;
  doubled: number;
  /** Missing numbers in the sequence of events and in that of audit entries. */
  holes: number;
  /** Longest call, in milliseconds of the store's time. */
  longestMs: number;
}

/** What the callers were told, by the text that each change carries. */
interface Promised {
  acknowledged: Set<string>;
  inDoubt: Set<string>;
  longestMs: number;
}

/** Runs a campaign. The same seed gives the same faults for the same order of requests. */
export async function runCampaign(
  options: { operations: number; seed: number },
): Promise<CampaignReport> {
  const rng = createRng(options.seed);
  const server = startKvConnectServer();
  const store = await openStore({ path: server.url, time: fastTime(SPEED) });
  try {
    server.fault = (kind) => drawFault(rng, kind);
    const promised = await callAll(store, { ...options, rng });
    server.fault = null;
    await store.events.flush();
    const { events, audits } = await readBack(server.url);
    const stored = [...events.texts, ...audits.texts];
    const counts = Map.groupBy(stored, (text) => text);
    const kept = [...promised.inDoubt].filter((text) => counts.has(text));
    return {
      ...options,
      requests: server.requests.length,
      faults: Object.fromEntries(server.faults),
      inDoubt: promised.inDoubt.size,
      doneInDoubt: kept.length,
      lost: [...promised.acknowledged].filter((text) => !counts.has(text))
        .length,
      doubled: [...counts.values()].filter(({ length }) => length > 1).length,
      holes: holesIn(events.numbers) + holesIn(audits.numbers),
      longestMs: promised.longestMs,
    };
  } finally {
    await store.close();
    await server.close();
  }
}

async function callAll(
  store: OpenedStore,
  options: { operations: number; rng: Rng },
): Promise<Promised> {
  const promised: Promised = {
    acknowledged: new Set(),
    inDoubt: new Set(),
    longestMs: 0,
  };
  let next = 0;
  const call = async () => {
    while (next < options.operations) {
      const text = `change ${next++}`;
      const startedAt = performance.now();
      try {
        // deno-lint-ignore no-await-in-loop -- a caller makes one call at a time
        await change(store, { text, n: next, kind: options.rng.next() });
        promised.acknowledged.add(text);
      } catch (error) {
        assert.ok(error instanceof AppError, String(error));
        assert.equal(error.code, "STORE_UNAVAILABLE");
        promised.inDoubt.add(text);
      }
      const tookMs = (performance.now() - startedAt) * SPEED;
      promised.longestMs = Math.max(promised.longestMs, Math.round(tookMs));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return promised;
}

/** One change whose text is found again among the stored events or audit entries. */
async function change(
  store: OpenedStore,
  { text, n, kind }: { text: string; n: number; kind: number },
): Promise<void> {
  if (kind < 0.6) {
    await store.events.append({ events: [systemDraft(text)] });
  } else if (kind < 0.85) {
    await store.audit(auditOf(text));
  } else {
    const record = recordOf(agentIdOf(n));
    const isSaved = await store.agents.save(record, {
      expected: null,
      audit: auditOf(text),
    });
    // Refused means that the record differs: nobody else has written it.
    assert.ok(isSaved, `${text} was refused although nobody else saves ${n}`);
  }
}

function drawFault(rng: Rng, kind: RequestKind): KvConnectFault | null {
  let draw = rng.next();
  if (kind === "watch") return draw < 0.1 ? "silent" : null;
  for (const [fault, chance] of FAULT_CHANCES) {
    if (draw < chance) return fault;
    draw -= chance;
  }
  return null;
}

/** Reads what is stored by another store, whose time is the real one: a machine may be busy. */
async function readBack(url: string) {
  const store = await openStore({ path: url, time: systemTime });
  try {
    return {
      events: await readEvents(store),
      audits: await readAudits(store),
    };
  } finally {
    await store.close();
  }
}

async function readEvents(store: OpenedStore) {
  const numbers: number[] = [];
  const texts: string[] = [];
  for (;;) {
    const last: number = numbers.at(-1) ?? 0;
    // deno-lint-ignore no-await-in-loop -- pages follow each other
    const { events, gap } = await store.events.after(last, 500);
    assert.equal(gap, false);
    if (events.length === 0) return { numbers, texts };
    for (const event of events) {
      assert.equal(event.type, "system.event");
      numbers.push(event.seq!);
      texts.push((event.data as { message: string }).message);
    }
  }
}

async function readAudits(store: OpenedStore) {
  const numbers: number[] = [];
  const texts: string[] = [];
  let cursor: string | null = null;
  do {
    // deno-lint-ignore no-await-in-loop -- pages follow each other
    const page = await store.auditPage({ limit: 500, cursor });
    for (const { n, action } of page.items) {
      numbers.unshift(n);
      texts.push(action);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { numbers, texts };
}

/** Counts what is missing, or out of order, in numbers that should run from 1. */
function holesIn(numbers: readonly number[]): number {
  return numbers.filter((number, index) => number !== index + 1).length;
}

if (import.meta.main) {
  const operations = Number(Deno.args[0] ?? 10_000);
  const seed = Number(Deno.args[1] ?? Date.now() % 2 ** 31);
  const startedAt = performance.now();
  const report = await runCampaign({ operations, seed });
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    JSON.stringify({ ...report, seconds: Number(seconds.toFixed(1)) }),
  );
  Deno.exit(report.lost + report.doubled + report.holes === 0 ? 0 : 1);
}
