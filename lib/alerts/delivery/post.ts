/**
 * One POST over a guarded connection. HTTP is spoken here by hand: `fetch`
 * follows no rule of ours about addresses, asks proxies of the environment, and
 * cannot be made to use a connection that was looked at.
 *
 * @module
 */
import { HTTP_ANSWER_BYTES_MAX, HTTP_DEADLINE_MS } from "../limits.ts";
import {
  AddressRefused,
  closeQuietly,
  connectGuarded,
} from "./guarded_connection.ts";
import { failedFor, refusedFor, type SendOutcome } from "./outcome.ts";
import type { Target } from "./target.ts";

/** What is sent. */
export interface Post {
  target: Target;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What came back. */
export interface Answer {
  status: number;
  /** In lower case. */
  headers: ReadonlyMap<string, string>;
  /** The first part of the body, as text; undecoded where it came in chunks. */
  body: string;
}

/** Sends; resolves with the answer, or with why there is none. Never throws. */
export async function post(
  { target, headers, body }: Post,
  { caCerts, deadlineMs = HTTP_DEADLINE_MS }: {
    caCerts?: readonly string[];
    deadlineMs?: number;
  } = {},
): Promise<Answer | SendOutcome> {
  const signal = AbortSignal.timeout(deadlineMs);
  let connection: Deno.Conn | null = null;
  const onLate = () => {
    if (connection !== null) closeQuietly(connection);
  };
  signal.addEventListener("abort", onLate, { once: true });
  try {
    connection = await connectGuarded(target, {
      signal,
      ...(caCerts === undefined ? {} : { caCerts }),
    });
    await writeAll(connection, toBytes({ target, headers, body }));
    const answer = readAnswer(await readHead(connection));
    return answer ?? failedFor(`${target.hostname} did not answer in HTTP`);
  } catch (error) {
    if (error instanceof AddressRefused) return refusedFor(error.message);
    return failedFor(
      signal.aborted
        ? `${target.hostname} did not answer within ${deadlineMs / 1_000} s`
        : `${target.hostname} cannot be reached: ${wordsOf(error)}`,
    );
  } finally {
    signal.removeEventListener("abort", onLate);
    onLate();
  }
}

/** What an answer's status means for the message. */
export function outcomeOf(
  { status, headers }: Answer,
  { hostname, nowMs }: { hostname: string; nowMs: number },
): SendOutcome {
  if (status >= 200 && status < 300) return { ok: true };
  const sentence = `${hostname} answered ${status}`;
  if (status >= 300 && status < 400) {
    return refusedFor(`${sentence}: redirects are not followed`);
  }
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), nowMs);
  const mayPass = status === 408 || status === 429 || status >= 500;
  return mayPass ? failedFor(sentence, retryAfterMs) : refusedFor(sentence);
}

/** Seconds or a date; null for anything else. */
function readRetryAfter(
  text: string | undefined,
  nowMs: number,
): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

function toBytes({ target, headers, body }: Post): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  const host = target.hostname.includes(":")
    ? `[${target.hostname}]`
    : target.hostname;
  const isUsual = target.port === (target.isEncrypted ? 443 : 80);
  const lines = [
    `POST ${target.path} HTTP/1.1`,
    `Host: ${host}${isUsual ? "" : `:${target.port}`}`,
    "Connection: close",
    "Accept: */*",
    "Content-Type: application/json",
    `Content-Length: ${bytes.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}

async function writeAll(
  connection: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    // deno-lint-ignore no-await-in-loop -- one part after the other
    from += await connection.write(bytes.subarray(from));
  }
}

/** Reads until the end or the bound. A receiver that ends rudely after its answer has answered. */
async function readHead(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(HTTP_ANSWER_BYTES_MAX);
  let length = 0;
  while (length < bytes.length) {
    let read: number | null;
    try {
      // deno-lint-ignore no-await-in-loop -- as it arrives
      read = await connection.read(bytes.subarray(length));
    } catch (error) {
      if (length === 0) throw error;
      break;
    }
    if (read === null) break;
    length += read;
    if (isWhole(bytes.subarray(0, length))) break;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** The head is there, and as much of the body as it says. */
function isWhole(bytes: Uint8Array): boolean {
  // One character for each byte, so that lengths are those of the wire.
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const [, said] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end)) ?? [];
  if (said !== undefined) return text.length - end - 4 >= Number(said);
  return /\r\ntransfer-encoding: *chunked/i.test(text.slice(0, end)) &&
    text.endsWith("0\r\n\r\n");
}

function readAnswer(text: string): Answer | null {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(first)?.[1];
  if (status === undefined) return null;
  const headers = new Map(lines.map((line) => {
    const [name = "", ...value] = line.split(":");
    return [name.toLowerCase(), value.join(":").trim()] as const;
  }));
  return { status: Number(status), headers, body: rest.join("\r\n\r\n") };
}

/** What went wrong, without anything of the address's path. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!.slice(0, 200);
}
