import { STREAMS_PER_CONNECTION_MAX } from "../limits.ts";
import { Refusal, refusalBody } from "../refusal.ts";
import { checkKey, checkSignature, checkTime } from "../rest/signature.ts";
import type { VenueState } from "../state.ts";
import type { StreamConnection } from "./connection.ts";
import { parseStreamName, type StreamName } from "./names.ts";

/** What a client sends on a WebSocket. */
export interface StreamRequest {
  id?: string | number;
  method?: string;
  params?: unknown;
}

/** Answers a request; the answer is the streams that were added. */
export function answerRequest(
  venue: VenueState,
  connection: StreamConnection,
  request: StreamRequest,
): StreamName[] {
  const { id = null, method } = request;
  switch (method) {
    case "SUBSCRIBE":
      return subscribe(connection, request);
    case "UNSUBSCRIBE":
      for (const name of namesIn(request)) connection.streams.delete(name);
      connection.reply({ result: null, id });
      return [];
    case "LIST_SUBSCRIPTIONS":
      connection.reply({ result: [...connection.streams.keys()], id });
      return [];
    case "userDataStream.subscribe.signature":
      subscribeUser(venue, connection, request);
      return [];
    case "userDataStream.unsubscribe":
      connection.isUser = false;
      connection.reply({ id, status: 200, result: {} });
      return [];
    case "ping":
      connection.reply({ id, status: 200, result: {} });
      return [];
    case "time":
      connection.reply({
        id,
        status: 200,
        result: { serverTime: venue.clock.now() },
      });
      return [];
    default:
      connection.reply({
        id,
        status: 400,
        error: { code: 2, msg: `Invalid request: ${String(method)}` },
      });
      return [];
  }
}

function subscribe(
  connection: StreamConnection,
  request: StreamRequest,
): StreamName[] {
  const { id = null } = request;
  const streams = namesIn(request).map(parseStreamName);
  const known = streams.filter((stream) => stream !== null);
  const isTooMany =
    connection.streams.size + known.length > STREAMS_PER_CONNECTION_MAX;
  if (known.length < streams.length || isTooMany) {
    connection.reply({
      error: { code: 2, msg: "Invalid request: invalid stream" },
      id,
    });
    return [];
  }
  for (const stream of known) connection.streams.set(stream.name, stream);
  connection.reply({ result: null, id });
  return known;
}

/** The user data stream of the WebSocket API, signed over the sorted parameters. */
function subscribeUser(
  venue: VenueState,
  connection: StreamConnection,
  request: StreamRequest,
): void {
  const { id = null } = request;
  const rule = venue.faults.strike({
    on: "userStream",
    market: "spot",
    detail: "userDataStream.subscribe.signature",
  });
  if (rule?.fault.startsWith("silent")) return;
  if (rule?.fault.startsWith("reset")) return connection.close();
  try {
    if (rule !== null) throw new Refusal(-1000, "An unknown error occurred.");
    checkSigned(venue, request.params as Record<string, unknown>);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    connection.reply({ id, status: error.status, error: refusalBody(error) });
    return;
  }
  connection.isUser = true;
  connection.subscriptionId = 0;
  connection.reply({ id, status: 200, result: { subscriptionId: 0 } });
}

function checkSigned(
  venue: VenueState,
  params: Readonly<Record<string, unknown>>,
): void {
  const text = (name: string) => {
    const value = params[name];
    return value === undefined ? null : String(value);
  };
  const number = (name: string) => {
    const value = text(name);
    return value === null ? null : Number(value);
  };
  const sorted = Object.keys(params).sort().map((name) =>
    `${name}=${text(name)}`
  );
  checkKey(text("apiKey"), venue.credentials);
  checkSignature({ query: sorted.join("&"), body: "" }, venue.credentials);
  checkTime({
    timestamp: number("timestamp"),
    recvWindow: number("recvWindow"),
  }, venue.clock.now());
}

function namesIn({ params }: StreamRequest): string[] {
  return Array.isArray(params) ? params.map(String) : [];
}
