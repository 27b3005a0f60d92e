/**
 * Reading what a client sent: bodies, queries and ids. Everything is checked
 * here, once, before a service sees it.
 *
 * @module
 */
import * as z from "zod";
import { AppError } from "../core/errors.ts";
import type { ApiContext } from "./context.ts";
import { findJsonFault } from "../core/json_position.ts";
import {
  DEFAULT_PAGE_ITEMS,
  MAX_BODY_BYTES,
  MAX_PAGE_ITEMS,
} from "./limits.ts";

/** An agent id: `agt_` and a ULID. */
export const AGENT_ID_PATTERN = /^agt_[0-9A-Z]{26}$/;

/** A backtest id: `bt_` and a ULID. */
export const BACKTEST_ID_PATTERN = /^bt_[0-9A-Z]{26}$/;

/** A team id: `team_` and a ULID. */
export const TEAM_ID_PATTERN = /^team_[0-9A-Z]{26}$/;

/** Schema of an agent id in a query. */
export const agentIdSchema = z.string().regex(
  AGENT_ID_PATTERN,
  "Give an agent id such as agt_01JA0000000000000000000000",
);

/** Schema of the `limit` of a list. */
export function limitOf(
  preset: number,
): z.ZodDefault<z.ZodCoercedNumber<unknown>> {
  return z.coerce.number("Give a whole number").int("Give a whole number")
    .min(1, "Give at least 1").max(
      MAX_PAGE_ITEMS,
      `Give at most ${MAX_PAGE_ITEMS}; use the cursor for more`,
    ).default(preset);
}

/** The `limit` of a list that may be long. */
export const limitSchema = limitOf(DEFAULT_PAGE_ITEMS);

/** A place in the stream of events, as a client remembers it. */
export const seqSchema = z.string().regex(
  /^\d{1,15}$/,
  "Give the sequence number of an event: digits only",
).transform(Number);

/** A body that was read: its text (for the hash of the request) and its value. */
export interface JsonBody {
  text: string;
  value: unknown;
}

/**
 * Reads a JSON body of at most 64 KiB.
 *
 * @throws {AppError} REQUEST_MALFORMED or BODY_TOO_LARGE; BODY_TOO_SLOW comes
 *   from the door, which gives the body (body_limit.ts).
 */
export async function readJson(c: ApiContext): Promise<JsonBody> {
  const text = await readText(c.req.raw);
  if (text.trim() === "") {
    throw malformed("The body is empty; send a JSON object");
  }
  const type = c.req.header("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type.trim())) {
    throw malformed(
      `The body is labelled "${
        type === "" ? "nothing" : type
      }"; send JSON with the header Content-Type: application/json`,
    );
  }
  const fault = findJsonFault(text);
  if (fault !== null) {
    throw malformed(
      `The body is not JSON at line ${fault.line}, column ${fault.column}: ${fault.message}`,
    );
  }
  return { text, value: JSON.parse(text) };
}

/**
 * Reads the query. Empty values count as absent, repeated ones are joined by
 * commas, and unknown names are refused, because a misspelt filter that is
 * ignored shows the wrong rows.
 *
 * @throws {z.ZodError} With a pointer per parameter.
 */
export function readQuery<T extends z.ZodType>(
  c: ApiContext,
  schema: T,
): z.output<T> {
  const values: Record<string, string> = {};
  for (const [name, all] of Object.entries(c.req.queries())) {
    const given = all.filter((value) => value !== "");
    if (given.length > 0) values[name] = given.join(",");
  }
  return schema.parse(values);
}

/** The id of the path; the route guard has checked its form. */
export function idOf(c: ApiContext): string {
  return c.req.param("id") ?? "";
}

/** The agent id of the path; the route guard has checked its form. */
export function agentIdOf(c: ApiContext): string {
  return c.req.param("id") ?? "";
}

/** The refusal of an id that no agent has. */
export function agentNotFound(id: string): AppError {
  return new AppError(
    "AGENT_NOT_FOUND",
    `There is no agent "${id.slice(0, 60)}"; GET /api/agents lists the ids`,
  );
}

/** The refusal of an id that no team can have. */
export function teamNotFound(id: string): AppError {
  return new AppError(
    "TEAM_NOT_FOUND",
    `There is no team "${id.slice(0, 60)}"; GET /api/teams lists the ids`,
  );
}

/** The refusal of an id that no backtest can have. */
export function backtestNotFound(id: string): AppError {
  return new AppError(
    "BACKTEST_NOT_FOUND",
    `There is no backtest "${
      id.slice(0, 60)
    }"; GET /api/backtests lists the ids`,
  );
}

function malformed(message: string): AppError {
  return new AppError("REQUEST_MALFORMED", message);
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) {
    await request.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // The length header may be missing or wrong, so the bytes are counted too.
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true }))
      .join("") + decoder.decode();
  } catch {
    throw malformed("The body is not valid UTF-8; save or send it as UTF-8");
  }
}

function tooLarge(): AppError {
  return new AppError(
    "BODY_TOO_LARGE",
    `The body is larger than ${MAX_BODY_BYTES / 1024} KiB; send less`,
  );
}
