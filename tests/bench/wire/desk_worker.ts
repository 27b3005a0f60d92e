/** The desk's real worker with stamps of the entries that it hands to the socket, and limits that no venue has. */
import type { ActorHandlers, ActorProgram } from "../../../actors/program.ts";
import { runWorkerProgram } from "../../../actors/worker_main.ts";
import { createWorkerDesk } from "../../../lib/desk/venue_desk.ts";
import { parseClientOrderId } from "../../../lib/desk/venue/client_order_id.ts";
import { note, type Stamps } from "./stamps.ts";

/** So that the budget is asked, as it is for every order, and never says no. */
const WIDE = {
  name: "orders per minute",
  windowMs: 60_000,
  limit: 10_000_000,
  counts: "orders",
} as const;

const FREE = {
  create: 0,
  cancel: 0,
  order: 0,
  openOrders: 0,
  trades: 0,
  position: 0,
  balances: 0,
  funding: 0,
  cancelAfter: 0,
  prepare: 0,
} as const;

let stamps: Stamps = {};

function onSend(body: string | undefined): void {
  if (body === undefined || !body.includes("side=")) return;
  const [, clientId] = /newClientOrderId=([^&]+)/.exec(body) ?? [];
  const parsed = clientId === undefined ? null : parseClientOrderId(clientId);
  if (parsed?.role === "entry") note(stamps, parsed.agentKey);
}

const desk = createWorkerDesk({
  random: Math.random,
  keySecret: () => "",
  measured: { onSend, limits: { windows: [WIDE], costs: FREE } },
});

const program: ActorProgram = {
  async start(runtime) {
    const handlers: ActorHandlers = await desk.start(runtime);
    return {
      receive: (link, message) => handlers.receive(link, message),
      linkOpened: (link, info) => handlers.linkOpened?.(link, info),
      linkClosed: (link) => handlers.linkClosed?.(link),
      credited: (link) => handlers.credited?.(link),
      stop: async (reason) => await handlers.stop?.(reason),
      ask: async (query) => {
        if ((query as { type: string }).type !== "stamps") {
          return await handlers.ask?.(query);
        }
        const taken = stamps;
        stamps = {};
        return taken;
      },
    };
  },
};

runWorkerProgram(program);
