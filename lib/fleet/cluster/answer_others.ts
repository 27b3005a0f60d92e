/**
 * What a host carries out for other processes. Who asks has seen in the store
 * that this start of the host owns the agent, and only this start takes the
 * question: an agent goes to another host by the end of the session alone.
 *
 * @module
 */
import type { SpawnRequest } from "../../contracts/agent.ts";
import type { EmergencyQuery } from "../../contracts/emergency_desk.ts";
import { takeStored } from "../commands/doubt.ts";
import type { FleetContext } from "../context.ts";
import type { Caller, Fleet } from "../port.ts";
import { type Method, OF_ONE_AGENT } from "./methods.ts";

/** Has this process answer to what others ask. */
export function answerOthers(context: FleetContext, local: Fleet): void {
  const { emergency } = context;
  const calls = context.calls!;
  for (const method of OF_ONE_AGENT) {
    const own = local[method] as Method;
    calls.handle(method, (args) => own(...args as unknown[]));
  }
  calls.handle("spawn", (args) => {
    const { request, caller } = args as {
      request: SpawnRequest;
      caller: Caller;
    };
    return local.spawn(request, caller);
  });
  calls.handle("wish", (ids) => takeStored(context, ids as readonly string[]));
  const { spawn, control, remove } = local.teams;
  for (const [name, own] of Object.entries({ spawn, control, remove })) {
    calls.handle(
      `teams.${name}`,
      (args) => (own as Method)(...args as unknown[]),
    );
  }
  calls.handle(
    "emergency",
    (query) => emergency.peers.answer(query as EmergencyQuery),
  );
}
