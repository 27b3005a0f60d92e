import {
  type ControlFrame,
  type StreamEnvelope,
  topicsOf,
} from "../../contracts/stream.ts";

const encoder = new TextEncoder();

/** One message, serialized once for all clients that get it. */
export interface Frame {
  /** Place in the order of stored events, or null for control frames and volatile events. */
  seq: number | null;
  /** What a client must have subscribed to, or null if everyone gets it. */
  topics: readonly string[] | null;
  /** Of frames with the same key only the newest waits in a queue. */
  conflateKey: string | null;
  /** Text of a WebSocket message. */
  json: string;
  /** About as many bytes as it takes. */
  bytes: number;
  /** The message as an SSE event. */
  sse(): Uint8Array;
}

/** The agent that an event is about, or null. */
export function agentIdOf(envelope: StreamEnvelope): string | null {
  switch (envelope.type) {
    case "agent.updated":
    case "agent.removed":
      return envelope.data.id;
    case "backtest.updated":
    case "backtest.removed":
      return null;
    default:
      return envelope.data.agentId;
  }
}

/** Serializes an event. Views and market updates are conflated: only the newest of each subject matters. */
export function toFrame(envelope: StreamEnvelope): Frame {
  const { seq, type } = envelope;
  return createFrame({
    seq,
    topics: topicsOf(type, agentIdOf(envelope)),
    conflateKey: conflateKeyOf(envelope),
    id: seq,
    json: JSON.stringify(envelope),
  });
}

function conflateKeyOf(envelope: StreamEnvelope): string | null {
  switch (envelope.type) {
    case "agent.updated":
    case "backtest.updated":
      return `${envelope.type} ${envelope.data.id}`;
    case "market.updated":
      return `${envelope.type} ${envelope.data.agentId}`;
    default:
      return null;
  }
}

/**
 * Serializes a frame about the stream itself. Heartbeats and resyncs carry an
 * SSE id, so that a browser resumes from there even if its topics are silent.
 */
export function toControlFrame(control: ControlFrame): Frame {
  const isPlace = control.type === "heartbeat" || control.type === "resync";
  return createFrame({
    seq: null,
    topics: null,
    conflateKey: control.type === "heartbeat" ? "heartbeat" : null,
    id: isPlace ? control.seq : null,
    json: JSON.stringify(control),
  });
}

interface FrameParts extends Pick<Frame, "seq" | "topics" | "conflateKey"> {
  id: number | null;
  json: string;
}

function createFrame(parts: FrameParts): Frame {
  const { seq, topics, conflateKey, id, json } = parts;
  let encoded: Uint8Array | null = null;
  return {
    seq,
    topics,
    conflateKey,
    json,
    bytes: json.length,
    sse() {
      const idLine = id === null ? "" : `id: ${id}\n`;
      // No event line: the type is in the envelope, and one listener hears all.
      encoded ??= encoder.encode(`${idLine}data: ${json}\n\n`);
      return encoded;
    },
  };
}

/** Some text as bytes. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
