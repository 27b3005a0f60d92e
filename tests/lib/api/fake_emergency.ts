import type {
  DrillResponse,
  Latch,
  StopRequest,
  StopView,
} from "../../../lib/contracts/emergency.ts";
import { AppError } from "../../../lib/core/errors.ts";
import type { Emergency } from "../../../lib/fleet/emergency/port.ts";
import {
  answerAgain,
  unheardView,
} from "../../../lib/fleet/emergency/stop_answers.ts";
import type { Caller } from "../../../lib/fleet/port.ts";

/** An emergency stop in memory that keeps the port's promises. */
export interface FakeEmergency extends Emergency {
  latches: StopView[];
  released: Latch[];
  drills: StopRequest[];
  isDeskUp: boolean;
}

/** Makes one without a stop in force. */
export function createFakeEmergency(clock: { now: number }): FakeEmergency {
  const state = () => ({
    latches: fake.latches,
    released: fake.released,
    fileProblem: null,
    isDeskUp: fake.isDeskUp,
  });
  const stop = (
    request: StopRequest,
    { id, caller }: { id: string; caller: Caller },
  ) => {
    const known = [...fake.latches, ...fake.released.map(unheardView)]
      .find((one) => one.id === id);
    const view = viewOf(request, { id, caller, at: clock.now });
    if (known === undefined) fake.latches.push(view);
    return Promise.resolve().then(() =>
      known === undefined
        ? { stop: view, isLatched: true, detail: "Latched" }
        : answerAgain(known, { request, isHeard: true })
    );
  };
  const fake: FakeEmergency = {
    latches: [],
    released: [],
    drills: [],
    isDeskUp: true,
    state,
    stop,
    blockAll: () => Promise.reject(new Error("Not asked for here")),
    latchOf: (id) => {
      const found = [...fake.latches, ...fake.released].find((one) =>
        one.id === id
      );
      if (found === undefined) {
        throw new AppError("EMERGENCY_NOT_FOUND", "There is no such stop");
      }
      return found;
    },
    release: (id, { reason, caller }) => {
      const latch = fake.latchOf(id);
      fake.latches = fake.latches.filter((one) => one.id !== id);
      const { userId, email: name, via } = caller;
      const release = { by: { userId, name, via }, reason, at: clock.now };
      fake.released.push({ ...latch, release });
      return Promise.resolve(state());
    },
    drill: (request) => {
      fake.drills.push(request);
      return Promise.resolve(drillOf(request));
    },
  };
  return fake;
}

function viewOf(
  request: StopRequest,
  { id, caller, at }: { id: string; caller: Caller; at: number },
): StopView {
  const { userId, email: name, via } = caller;
  return {
    ...request,
    id,
    by: { userId, name, via },
    at,
    endedAt: at,
    isAudited: true,
    release: null,
    isWorking: false,
    progress: [],
    residue: [],
  };
}

function drillOf({ lever, scope }: StopRequest): DrillResponse {
  return {
    lever,
    scope,
    agents: [],
    totals: {
      agents: 0,
      agentsStopped: 0,
      orders: 0,
      positions: 0,
      notional: "0",
      slippage: "0",
    },
    expectedMs: null,
  };
}
