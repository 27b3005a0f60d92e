/** The desk's real worker with stamps of the decisions that it hears and the entries that it hands to the socket, and limits that no venue has. */
import { Secret } from "../../../lib/core/secret.ts";
import process from "node:process";
import type { ActorHandlers, ActorProgram } from "../../../actors/program.ts";
import { runWorkerProgram } from "../../../actors/worker_main.ts";
import { createWorkerDesk } from "../../../lib/desk/venue_desk.ts";
import { parseClientOrderId } from "../../../lib/desk/venue/client_order_id.ts";
import type { AgentToDesk } from "../../../lib/contracts/links.ts";
import type { DeskAction } from "../../../lib/contracts/order.ts";
import { type DeskStamps, note, type Stamps } from "./stamps.ts";

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

let sent: Stamps = {};
/** When decisions to enter arrived in this worker. */
let arrived: Stamps = {};
let since = used();

function onSend(body: string | undefined): void {
  if (body === undefined || !body.includes("side=")) return;
  const [, clientId] = /newClientOrderId=([^&]+)/.exec(body) ?? [];
  const parsed = clientId === undefined ? null : parseClientOrderId(clientId);
  if (parsed?.role === "entry") note(sent, parsed.agentKey);
}

function entersByIt(message: unknown): boolean {
  const { type, actions } = message as AgentToDesk & { actions?: DeskAction[] };
  const isDecision = type === "decided" || type === "acted";
  return isDecision && actions!.some(({ kind }) => kind === "submit");
}

/** Processor time of this worker, and the time at which it was read. */
function used(): { cpuMs: number; atMs: number } {
  const { user, system } = process.threadCpuUsage();
  return { cpuMs: (user + system) / 1_000, atMs: performance.now() };
}

function shareSince(earlier: ReturnType<typeof used>): number {
  const { cpuMs, atMs } = used();
  return (cpuMs - earlier.cpuMs) / (atMs - earlier.atMs);
}

const desk = createWorkerDesk({
  random: Math.random,
  keySecret: () => new Secret(""),
  measured: { onSend, limits: { windows: [WIDE], costs: FREE } },
});

const program: ActorProgram = {
  async start(runtime) {
    const handlers: ActorHandlers = await desk.start(runtime);
    return {
      receive(link, message) {
        if (entersByIt(message)) note(arrived, link.slice(-5));
        return handlers.receive(link, message);
      },
      linkOpened: (link, info) => handlers.linkOpened?.(link, info),
      linkClosed: (link) => handlers.linkClosed?.(link),
      credited: (link) => handlers.credited?.(link),
      stop: async (reason) => await handlers.stop?.(reason),
      ask: async (query) => {
        if ((query as { type: string }).type !== "stamps") {
          return await handlers.ask?.(query);
        }
        const busyShare = shareSince(since);
        const taken: DeskStamps = { arrived, sent, busyShare };
        [arrived, sent, since] = [{}, {}, used()];
        return taken;
      },
    };
  },
};

runWorkerProgram(program);
