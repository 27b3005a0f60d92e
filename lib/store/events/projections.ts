import { serialize } from "node:v8";
import { assert } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import type { EquityPoint } from "../../contracts/account.ts";
import type { Trade } from "../../contracts/order.ts";
import { checkedSize } from "../kv/size.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import {
  ENTRY_OVERHEAD_BYTES,
  EQUITY_CHUNK_POINTS,
  MAX_EQUITY_CHUNKS,
} from "../limits.ts";
import type { Projection } from "../port.ts";

/** One entry to write; of two with the same `id` in one commit the later one counts. */
export interface Put {
  id: string;
  key: Deno.KvKey;
  value: unknown;
  bytes: number;
  /** Owner of state that must not come back once the agent was removed. */
  removedWith: string | null;
}

interface EquityChunk {
  v: 1;
  /** Chunks of the whole curve; in chunk 0 it decides how many count. */
  of: number;
  points: readonly EquityPoint[];
}

/** The entries of a projection. */
export function toPuts(projection: Projection): Put[] {
  switch (projection.kind) {
    case "observed":
    case "view": {
      const { id } = projection.value;
      return [createPut(keys[projection.kind](id), {
        value: { v: 1, value: projection.value },
        removedWith: id,
      })];
    }
    case "risk": {
      const { agentId, value } = projection;
      const stored = { v: 1, value };
      return [createPut(keys.risk(agentId), {
        value: stored,
        removedWith: agentId,
      })];
    }
    case "trades":
      return tradePuts(projection);
    case "equity":
      return equityPuts(projection.agentId, projection.value);
    case "feedHead":
      return [createPut(keys.feedHead(projection.streamId), {
        value: { v: 1, seq: projection.value },
        removedWith: null,
      })];
  }
}

function createPut(
  key: Deno.KvKey,
  options: { value: unknown; removedWith: string | null },
): Put {
  const id = key.join("/");
  return { id, key, ...options, bytes: checkedSize(options.value, id) };
}

function tradePuts(
  projection: { agentId: string; fromIndex: number; value: readonly Trade[] },
): Put[] {
  const { agentId, fromIndex } = projection;
  assert(
    Number.isInteger(fromIndex) && fromIndex >= 0,
    `First trade index must be a whole number from 0, was ${fromIndex}`,
  );
  return projection.value.map((trade, offset) =>
    createPut(keys.trade(agentId, fromIndex + offset), {
      value: { v: 1, trade },
      removedWith: null,
    })
  );
}

/**
 * A curve is written whole. Chunks of a longer, older curve may stay behind;
 * chunk 0 says how many count, so they are never read, and they are few.
 */
function equityPuts(agentId: string, points: readonly EquityPoint[]): Put[] {
  const of = Math.max(1, Math.ceil(points.length / EQUITY_CHUNK_POINTS));
  if (of > MAX_EQUITY_CHUNKS) {
    throw new AppError(
      "STORE_VALUE_TOO_LARGE",
      `The equity curve of ${agentId} has ${points.length} points, more than ${
        MAX_EQUITY_CHUNKS * EQUITY_CHUNK_POINTS
      }; thin it out before it is stored`,
    );
  }
  return Array.from({ length: of }, (_, chunk) => {
    const start = chunk * EQUITY_CHUNK_POINTS;
    const part = points.slice(start, start + EQUITY_CHUNK_POINTS);
    const value: EquityChunk = { v: 1, of, points: part };
    return createPut(keys.equity(agentId, chunk), { value, removedWith: null });
  });
}

/** Reads a curve back; empty if none was stored. */
export async function loadEquity(
  kv: GuardedKv,
  agentId: string,
): Promise<readonly EquityPoint[]> {
  const entries = await kv.list<EquityChunk>(
    { prefix: keys.equityOf(agentId) },
    { limit: MAX_EQUITY_CHUNKS },
  );
  const of = entries[0]?.value.of ?? 0;
  return entries.slice(0, of).flatMap((entry) => entry.value.points);
}

/** Cuts a structured-cloneable value into chunks that fit into entries. */
export function toChunks(value: unknown, chunkBytes: number): Uint8Array[] {
  const bytes: Uint8Array = serialize(value);
  const chunks: Uint8Array[] = [];
  const step = chunkBytes - ENTRY_OVERHEAD_BYTES;
  for (let start = 0; start < bytes.byteLength; start += step) {
    // A copy: the part of a buffer is stored with all of the buffer behind it.
    chunks.push(new Uint8Array(bytes.subarray(start, start + step)));
  }
  return chunks;
}
