/** Clients of the live streams, which take what comes; some of them read it. */

/** What a client connects to. */
export interface StreamTarget {
  /** Of the server. */
  url: string;
  token: string;
  /** Told how old each event was when it was read, in milliseconds; null for one that only takes. */
  onAge: ((ageMs: number) => void) | null;
}

/** A connected client. */
export interface StreamClient {
  /** Whether the server still serves it. */
  isOpen(): boolean;
  close(): void;
}

const TOPICS = ["agent:update", "system:event"];
/** The first of an event is its own. */
const AT = /"at":"([^"]+)"/;
const DECODER = new TextDecoder();

/** Takes the times out of what came; several events may be in it. */
function readAges(text: string, onAge: (ageMs: number) => void): void {
  const now = performance.timeOrigin + performance.now();
  for (const line of text.split("\n")) {
    // Heartbeats tell the time, too, and are no events.
    if (!line.includes('"topic"')) continue;
    const [, at] = AT.exec(line) ?? [];
    if (at !== undefined) onAge(now - Date.parse(at));
  }
}

/** Opens an event stream. */
export async function openEvents(
  { url, token, onAge }: StreamTarget,
): Promise<StreamClient> {
  const end = new AbortController();
  const response = await fetch(`${url}/api/stream?topics=${TOPICS.join(",")}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: end.signal,
  });
  if (!response.ok) {
    throw new Error(`A stream was refused: ${await response.text()}`);
  }
  let isOpen = true;
  const take = async () => {
    try {
      for await (const bytes of response.body!) {
        if (onAge !== null) readAges(DECODER.decode(bytes), onAge);
      }
    } catch {
      // It was closed, by one side or the other.
    }
    isOpen = false;
  };
  void take();
  return { isOpen: () => isOpen, close: () => end.abort() };
}

/** Opens a WebSocket by a ticket. */
export async function openSocket(
  { url, token, onAge }: StreamTarget,
): Promise<StreamClient> {
  const response = await fetch(`${url}/api/socket/ticket`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  const { ticket } = await response.json() as { ticket: string };
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/api/socket/with-ticket`,
  );
  const greeted = Promise.withResolvers<void>();
  socket.onopen = () => {
    socket.send(JSON.stringify({ type: "ticket", ticket }));
    socket.send(JSON.stringify({ type: "subscribe", topics: TOPICS }));
  };
  socket.onmessage = ({ data }) => {
    greeted.resolve();
    if (onAge !== null) readAges(String(data), onAge);
  };
  socket.onclose = ({ reason }) =>
    greeted.reject(new Error(`A socket was closed: ${reason}`));
  await greeted.promise;
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
  };
}
