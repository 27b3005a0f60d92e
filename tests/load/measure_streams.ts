import {
  CLIENT_STEPS,
  CONNECT_AT_ONCE,
  READING_CLIENTS,
  SOCKETS_PER_PERSON,
  SSE_PER_PERSON,
  STREAM_P99_MS,
  WARM_UP_MS,
} from "./limits.ts";
import { measureStep, percentile, type StepFigures } from "./measured.ts";
import { pause, type Rig } from "./rig.ts";
import { openEvents, openSocket, type StreamClient } from "./stream_client.ts";

/** Names of the people that so many clients need: one may have a few streams only. */
export function viewersFor(clients: number): readonly string[] {
  const count = Math.ceil(clients / (SSE_PER_PERSON + SOCKETS_PER_PERSON));
  return Array.from({ length: count }, (_, index) => `viewer${index + 1}`);
}

/**
 * More and more clients that hear of the same agents, two of three over event
 * streams and the others over WebSockets. An event is timed from its stamp in
 * the server to its reading, by the wall clock of this machine, in
 * milliseconds.
 */
export async function* measureStreams(
  rig: Rig,
  { clientsMax, forMs }: { clientsMax: number; forMs: number },
): AsyncGenerator<StepFigures> {
  const clients: StreamClient[] = [];
  let ages: number[] = [];
  const places = placesOf(viewersFor(clientsMax));
  try {
    for (const step of CLIENT_STEPS.filter((count) => count <= clientsMax)) {
      while (clients.length < step) {
        const group = places.slice(
          clients.length,
          Math.min(step, clients.length + CONNECT_AT_ONCE),
        );
        // deno-lint-ignore no-await-in-loop -- some at a time
        clients.push(...await connect(rig, group, (ageMs) => ages.push(ageMs)));
      }
      await pause(WARM_UP_MS, rig.signal);
      yield await measureStep(rig, async () => {
        ages = [];
        await pause(forMs, rig.signal);
        const sorted = ages.toSorted((a, b) => a - b);
        return {
          what: "stream",
          step,
          p50Ms: percentile(sorted, 0.5),
          p99Ms: percentile(sorted, 0.99),
          limitMs: STREAM_P99_MS,
          doneShare: clients.filter((client) => client.isOpen()).length / step,
        };
      });
    }
  } finally {
    for (const client of clients) client.close();
  }
}

/** Where one client connects: as whom and how. */
interface Place {
  name: string;
  kind: "events" | "socket";
  isReading: boolean;
}

function placesOf(names: readonly string[]): readonly Place[] {
  const each = SSE_PER_PERSON + SOCKETS_PER_PERSON;
  return names.flatMap((name, person) =>
    Array.from({ length: each }, (_, index): Place => ({
      name,
      // One after the other of both kinds, so that every step has both.
      kind: index % 3 === 2 ? "socket" : "events",
      isReading: (person * each + index) % READING_CLIENTS === 0,
    }))
  );
}

async function connect(
  rig: Rig,
  places: readonly Place[],
  onAge: (ageMs: number) => void,
): Promise<readonly StreamClient[]> {
  const opened: StreamClient[] = [];
  // Sockets that wait for their ticket are few for one address.
  for (const { name, kind, isReading } of places) {
    const target = {
      url: rig.url,
      // deno-lint-ignore no-await-in-loop -- one after the other
      token: await rig.tokenOf(name),
      onAge: isReading ? onAge : null,
    };
    opened.push(
      // deno-lint-ignore no-await-in-loop -- one after the other
      await (kind === "events" ? openEvents(target) : openSocket(target)),
    );
  }
  return opened;
}
