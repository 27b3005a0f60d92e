import { openLoop } from "../support/open_loop.ts";
import {
  READ_P99_MS,
  READ_STEPS,
  WARM_UP_MS,
  WRITE_P99_MS,
  WRITE_STEPS,
} from "./limits.ts";
import {
  isWithin,
  type Measured,
  measureStep,
  percentile,
  type StepFigures,
} from "./measured.ts";
import type { Rig } from "./rig.ts";

/** What is measured of requests at a rate. */
interface Kind {
  what: "read" | "write";
  steps: readonly number[];
  limitMs: number;
  /** Sends the n-th request. */
  send(n: number): Promise<Response>;
}

/**
 * Requests at rising rates, each sent when it is due whether or not earlier
 * ones are answered, so that a time holds the waiting. A rate that is too much
 * ends its kind.
 */
export async function* measureRequests(
  rig: Rig,
  { agents, forMs }: { agents: readonly string[]; forMs: number },
): AsyncGenerator<StepFigures> {
  const token = await rig.token();
  const idOf = (n: number) => agents[n % agents.length]!;
  const kinds: readonly Kind[] = [{
    what: "read",
    steps: READ_STEPS,
    limitMs: READ_P99_MS,
    send: (n) => rig.request("GET", `/api/agents/${idOf(n)}`, { token }),
  }, {
    what: "write",
    steps: WRITE_STEPS,
    limitMs: WRITE_P99_MS,
    send: (n) => {
      const round = Math.floor(n / agents.length);
      const action = round % 2 === 0 ? "pause" : "resume";
      return rig.request("POST", `/api/agents/${idOf(n)}/control`, {
        token,
        body: { action, reason: "load" },
      });
    },
  }];
  for (const kind of kinds) {
    for (const perSecond of kind.steps) {
      const figures = await measureStep(
        rig,
        () => measure(rig, kind, { perSecond, forMs }),
      );
      yield figures;
      if (!isWithin(figures)) break;
    }
  }
}

async function measure(
  { signal }: Pick<Rig, "signal">,
  { what, limitMs, send }: Kind,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<Measured> {
  let turn = 0;
  let answered = 0;
  const ask = async () => {
    signal.throwIfAborted();
    const response = await send(turn++);
    await response.arrayBuffer();
    if (response.ok) answered++;
  };
  await openLoop(ask, { perSecond: perSecond / 4, forMs: WARM_UP_MS });
  answered = 0;
  const begunMs = performance.now();
  const times = await openLoop(ask, { perSecond, forMs });
  const seconds = (performance.now() - begunMs) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    what,
    step: perSecond,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    limitMs,
    doneShare: answered / seconds / perSecond,
  };
}
