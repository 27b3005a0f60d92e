/**
 * The one way out to a venue's HTTP interface: no redirects, a bounded answer,
 * and a record of what was sent and what came back, by which an outcome is
 * judged. The library's own record is of the last request of all.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../../actors/clock.ts";
import { retryAfterMs } from "../retry_after.ts";
import type { SharedSilence } from "../budget/shared_silence.ts";
import type { FetchImplementation } from "./library.ts";
import {
  ANSWER_BYTES_MAX,
  IDLE_CONNECTION_MS_MAX,
  IDLE_CONNECTIONS_MAX,
  SILENCE_MS,
} from "./limits.ts";

/** What one call of the gateway sent and received last. */
export interface CallRecord {
  /** A second request that changes something is refused. */
  readonly isOnce: boolean;
  /** Whether a request was handed to the socket. */
  isSent: boolean;
  /** Of the last answer; null while there is none. */
  status: number | null;
  body: string | null;
  retryAfterMs: number | null;
}

/** What an answer says to who keeps the rate budget. */
export interface AnswerFacts {
  host: string;
  status: number;
  /** How long the venue wants silence; null where it does not say. */
  retryAfterMs: number | null;
  /** Weight that the venue counted in its window of a minute; null where it does not tell. */
  usedWeight: number | null;
}

/** Who wants to know of requests. */
export interface TransportHooks {
  /** Just before a request is handed to the socket, with its body. */
  onSend?(body: string | undefined): void;
  onAnswer?(facts: AnswerFacts): void;
}

/** How requests go out. */
export interface TransportOptions {
  clock: Clock;
  hooks: TransportHooks;
  /** Nothing goes to any other origin; null allows all that the permissions allow. */
  onlyOrigin: string | null;
  /** Nothing is asked within it, and what an answer says of it counts; left out where nobody shares it. */
  silence?: SharedSilence | undefined;
}

/** The venue wants to hear nothing for a while, so nothing was sent. */
export class SilentVenue extends Error {
  override name = "SilentVenue";
}

/** Answers to who asks too often, and to who goes on. */
const SILENCE_STATUSES: readonly number[] = [429, 418];

/** Sends requests and keeps what came of them. */
export class Transport {
  readonly #calls = new AsyncLocalStorage<CallRecord>();
  readonly #options: TransportOptions;
  readonly #client = Deno.createHttpClient({
    poolMaxIdlePerHost: IDLE_CONNECTIONS_MAX,
    poolIdleTimeout: IDLE_CONNECTION_MS_MAX,
  });

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Runs a call of the library's and keeps what it sends in `record`. */
  run<T>(record: CallRecord, call: () => Promise<T>): Promise<T> {
    return this.#calls.run(record, call);
  }

  /** For the library; it ends the request by `signal`, also while the body comes. */
  readonly fetch: FetchImplementation = async (url, init) => {
    const record = this.#calls.getStore();
    this.#check(url, init.method, record);
    this.#keepSilence(record);
    if (record !== undefined) record.isSent = true;
    this.#options.hooks.onSend?.(init.body);
    const request: RequestInit & { client: Deno.HttpClient } = {
      method: init.method,
      headers: init.headers,
      body: sentOnce(init.method, init.body),
      signal: init.signal,
      redirect: "error",
      client: this.#client,
    };
    const response = await fetch(url, request);
    const { status, statusText, headers } = response;
    const facts = factsOf(url, response, this.#options.clock.nowMs());
    if (SILENCE_STATUSES.includes(status) || facts.retryAfterMs !== null) {
      this.#options.silence?.begin(facts.retryAfterMs ?? SILENCE_MS);
    }
    this.#options.hooks.onAnswer?.(facts);
    if (record !== undefined) {
      record.status = status;
      record.retryAfterMs = facts.retryAfterMs;
    }
    const body = await readText(response);
    if (record !== undefined) record.body = body;
    return { status, statusText, headers, text: () => Promise.resolve(body) };
  };

  close(): void {
    this.#client.close();
  }

  /** Whoever was told, feed or desk: nobody of this address asks. */
  #keepSilence(record: CallRecord | undefined): void {
    const restMs = this.#options.silence?.restMs() ?? 0;
    if (restMs === 0) return;
    if (record !== undefined) record.retryAfterMs = restMs;
    throw new SilentVenue(`The venue wants silence for ${restMs} ms more`);
  }

  #check(url: string, method: string, record: CallRecord | undefined): void {
    const { onlyOrigin } = this.#options;
    if (onlyOrigin !== null && new URL(url).origin !== onlyOrigin) {
      throw new TypeError(
        "The library asked for another host than the endpoint",
      );
    }
    if (record?.isOnce && record.isSent && method !== "GET") {
      throw new TypeError("The library tried to send a second time");
    }
  }
}

/** A record for {@link Transport.run}. */
export function newCallRecord(isOnce = false): CallRecord {
  return {
    isOnce,
    isSent: false,
    status: null,
    body: null,
    retryAfterMs: null,
  };
}

/**
 * A body that can be read once. Of a text the platform keeps a copy, and sends
 * the whole request again where a connection that was used before breaks off
 * before the answer: an order might be placed twice. A test shows it.
 */
function sentOnce(
  method: string,
  body: string | undefined,
): ReadableStream<Uint8Array> | null {
  if (method !== "POST" && method !== "PUT") return null;
  return new ReadableStream({
    start(controller) {
      if (body !== undefined && body !== "") {
        controller.enqueue(new TextEncoder().encode(body));
      }
      controller.close();
    },
  });
}

function factsOf(url: string, response: Response, nowMs: number): AnswerFacts {
  const { headers, status } = response;
  const usedWeight = headers.get("x-mbx-used-weight-1m");
  return {
    host: new URL(url).host,
    status,
    retryAfterMs: retryAfterMs(headers.get("retry-after"), nowMs),
    usedWeight: usedWeight !== null && /^\d{1,9}$/.test(usedWeight)
      ? Number(usedWeight)
      : null,
  };
}

/** @throws {TypeError} If the answer is larger than allowed. */
async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) {
      throw new TypeError(
        `The answer is longer than ${ANSWER_BYTES_MAX} bytes`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
