import type { ActorRuntime } from "../../actors/program.ts";
import type { AccountFlow } from "./account_flow.ts";
import { UNHEARD_MESSAGES_MAX } from "./limits.ts";

/** What the owner says when it opens an agent's link. */
interface AgentLinkInfo {
  peerId: string;
  peerEpoch: number;
}

interface OpenLink {
  /** The agent's incarnation, for an agent's link. */
  epoch: number;
  /** What an agent said before its account was open. */
  unheard: unknown[];
}

/**
 * The open links of a desk by name. They may be open before their account, which
 * a full disk can hold up: what an agent says first (where it stands, what it
 * decided last) is then kept, because it is said once.
 */
export class DeskLinks {
  readonly #flows: ReadonlyMap<string, AccountFlow>;
  readonly #runtime: Pick<ActorRuntime, "discard">;
  readonly #open = new Map<string, OpenLink>();

  constructor(
    flows: ReadonlyMap<string, AccountFlow>,
    runtime: Pick<ActorRuntime, "discard">,
  ) {
    this.#flows = flows;
    this.#runtime = runtime;
  }

  open(link: string, info: unknown): void {
    const epoch = (info as Partial<AgentLinkInfo> | null)?.peerEpoch ?? 0;
    const opened = { epoch, unheard: [] };
    this.#open.set(link, opened);
    this.#join(link, opened);
  }

  close(link: string): void {
    this.#open.delete(link);
    const { kind, flow } = this.parse(link);
    if (kind === "candles") flow?.closeCandles();
    else flow?.closeAgent();
  }

  /** Keeps what came before the account; candles are asked for only when it is open. */
  keep(link: string, message: unknown): void {
    const opened = this.#open.get(link);
    const isKept = opened !== undefined && this.parse(link).kind === "agent" &&
      opened.unheard.length < UNHEARD_MESSAGES_MAX;
    if (isKept) opened.unheard.push(message);
    else this.#runtime.discard?.(link);
  }

  /** Joins the links that were open before the account. */
  accountOpened(agentId: string): void {
    for (const [link, opened] of this.#open) {
      if (agentOf(link) === agentId) this.#join(link, opened);
    }
  }

  parse(link: string): { kind: string; flow: AccountFlow | null } {
    return {
      kind: link.slice(0, link.indexOf(":")),
      flow: this.#flows.get(agentOf(link)) ?? null,
    };
  }

  #join(link: string, { epoch, unheard }: OpenLink): void {
    const { kind, flow } = this.parse(link);
    if (kind === "candles") flow?.openCandles();
    else flow?.openAgent(epoch);
    if (flow === null) return;
    for (const message of unheard.splice(0)) flow.receiveAgent(message);
  }
}

function agentOf(link: string): string {
  return link.slice(link.indexOf(":") + 1);
}
