/**
 * The desk worker's program: the accounts of many agents, each with its own
 * journal, fed by candle links and commanded by agent links.
 *
 * @module
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../actors/program.ts";
import type {
  DeskAccountConfig,
  DeskAnswer,
  DeskConfig,
  DeskQuery,
} from "../contracts/desk.ts";
import type { FeedMessage } from "../contracts/links.ts";
import { assertNever } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import { DeskAccount } from "./account/account.ts";
import { isSameConfig } from "./account/account_config.ts";
import { AccountFlow } from "./account_flow.ts";
import {
  Journal,
  type JournalStorage,
  openJournalFile,
  retireJournalFile,
} from "./journal/journal_file.ts";
import { Reporter } from "./reporter.ts";

/** What the owner says when it opens an agent's link. */
interface AgentLinkInfo {
  peerId: string;
  peerEpoch: number;
}

/** What a desk needs of the machine; a test brings its own. */
export interface DeskFiles {
  open(path: string): JournalStorage;
  /** Keeps a closed journal out of the way. */
  retire(path: string): void;
}

const DISK: DeskFiles = { open: openJournalFile, retire: retireJournalFile };

/** Makes a desk program over the given files. */
export function createDeskProgram(files: DeskFiles = DISK): ActorProgram {
  return {
    start(runtime) {
      const desk = new Desk(runtime, files);
      for (const { account } of (runtime.config as DeskConfig).accounts) {
        desk.open(account);
      }
      return desk;
    },
  };
}

/** The program of the desk worker; its configuration is a {@link DeskConfig}. */
export const deskProgram: ActorProgram = createDeskProgram();

class Desk implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #files: DeskFiles;
  readonly #journalDir: string;
  readonly #flows = new Map<string, AccountFlow>();
  /** Open links by name, with the agent's epoch for an agent's link; they may be open before their account. */
  readonly #links = new Map<string, number>();

  constructor(runtime: ActorRuntime, files: DeskFiles) {
    this.#runtime = runtime;
    this.#files = files;
    this.#journalDir = (runtime.config as DeskConfig).journalDir;
  }

  /**
   * Opens an account, or recovers it from its journal.
   *
   * @throws {AppError} `JOURNAL_CORRUPT`, `ACCOUNT_ID_INVALID`
   */
  open(config: DeskAccountConfig): AccountFlow {
    const runtime = this.#runtime;
    const path = this.#pathOf(config.agentId);
    const { journal, content } = Journal.open({
      path,
      clock: runtime.clock,
      storage: this.#files.open(path),
    });
    const isNew = content.entries.length === 0;
    const account = isNew
      ? DeskAccount.open({ config, sink: journal })
      : DeskAccount.recover(content.entries, journal);
    if (!isNew && !isSameConfig(account.config, config)) {
      account.updateConfig(config);
    }
    const reporter = new Reporter({ account, journal, runtime });
    const newestEpoch = content.entries.reduce(
      (newest, { record }) =>
        record.type === "ATTACHED" ? Math.max(newest, record.epoch) : newest,
      0,
    );
    const flow = new AccountFlow({
      account,
      journal,
      reporter,
      runtime,
      newestEpoch,
    });
    this.#flows.set(config.agentId, flow);
    reporter.resend();
    reporter.touch();
    for (const [link, epoch] of this.#links) {
      if (this.#parse(link).flow === flow) this.#openLink(link, epoch);
    }
    return flow;
  }

  receive(link: string, message: unknown): void {
    const { kind, flow } = this.#parse(link);
    if (flow === null) this.#runtime.discard?.(link);
    else if (kind === "candles") flow.receiveCandles(message as FeedMessage);
    else flow.receiveAgent(message);
  }

  linkOpened(link: string, info: unknown): void {
    const epoch = (info as Partial<AgentLinkInfo> | null)?.peerEpoch ?? 0;
    this.#links.set(link, epoch);
    this.#openLink(link, epoch);
  }

  linkClosed(link: string): void {
    this.#links.delete(link);
    const { kind, flow } = this.#parse(link);
    if (kind === "candles") flow?.closeCandles();
    else flow?.closeAgent();
  }

  credited(link: string): void {
    const { kind, flow } = this.#parse(link);
    if (kind === "agent") flow?.pump();
  }

  async ask(query: unknown): Promise<DeskAnswer | null> {
    try {
      return await this.#answer(query as DeskQuery);
    } catch (error) {
      // The book is ahead of its journal: only a restart makes them agree.
      if (error instanceof AppError && error.code === "JOURNAL_WRITE_FAILED") {
        this.#runtime.clock.after(0, () => {
          throw error;
        });
      }
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#flows.values()].map((flow) => end(flow)));
    this.#flows.clear();
  }

  async #answer(query: DeskQuery): Promise<DeskAnswer | null> {
    switch (query.type) {
      case "openAccount":
      case "updateAccount":
        return show(this.#openOrUpdate(query.account));
      case "account":
        return show(this.#flow(query.agentId));
      case "setEntries":
        return this.#command(
          query.agentId,
          ({ account }) => account.setEntries(query),
        );
      case "quiesce":
        return await this.#quiesce(query);
      case "rearm":
        return this.#command(
          query.agentId,
          ({ account }) => account.rearm(query.reason),
        );
      case "hold":
        return null;
      case "acknowledge": {
        const flow = this.#flow(query.agentId);
        flow.reporter.acknowledge(query.sequence);
        flow.pump();
        return null;
      }
      case "closeAccount":
        await this.#close(query.agentId);
        return null;
      default:
        return assertNever(query, "desk query");
    }
  }

  #openOrUpdate(config: DeskAccountConfig): AccountFlow {
    const flow = this.#flows.get(config.agentId);
    if (flow === undefined) return this.open(config);
    if (!isSameConfig(flow.account.config, config)) {
      flow.account.updateConfig(config);
      flow.reporter.touch();
      flow.pump();
    }
    return flow;
  }

  #command(
    agentId: string,
    action: (flow: AccountFlow) => void,
  ): DeskAnswer {
    const flow = this.#flow(agentId);
    action(flow);
    flow.reporter.touch();
    return show(flow);
  }

  /** Answers when the owner has been told of the trade that closing the position made. */
  async #quiesce(
    query: Extract<DeskQuery, { type: "quiesce" }>,
  ): Promise<DeskAnswer> {
    const answer = this.#command(
      query.agentId,
      ({ account }) => account.quiesce(query),
    );
    await this.#flow(query.agentId).reporter.flush();
    return answer;
  }

  async #close(agentId: string): Promise<void> {
    const flow = this.#flows.get(agentId);
    if (flow === undefined) return;
    this.#flows.delete(agentId);
    await end(flow);
    this.#files.retire(this.#pathOf(agentId));
  }

  #openLink(link: string, epoch: number): void {
    const { kind, flow } = this.#parse(link);
    if (kind === "candles") flow?.openCandles();
    else flow?.openAgent(epoch);
  }

  #parse(link: string): { kind: string; flow: AccountFlow | null } {
    const colon = link.indexOf(":");
    return {
      kind: link.slice(0, colon),
      flow: this.#flows.get(link.slice(colon + 1)) ?? null,
    };
  }

  #flow(agentId: string): AccountFlow {
    const flow = this.#flows.get(agentId);
    if (flow === undefined) {
      throw new AppError(
        "ACCOUNT_NOT_FOUND",
        `The desk has no account of agent ${agentId}; open it first`,
        { status: 404 },
      );
    }
    return flow;
  }

  #pathOf(agentId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(agentId)) {
      throw new AppError(
        "ACCOUNT_ID_INVALID",
        `An agent id must be 1 to 64 letters, digits, dashes or underscores, was "${agentId}"`,
      );
    }
    return `${this.#journalDir}/${agentId}.journal`;
  }
}

function show({ account }: AccountFlow): DeskAnswer {
  return { account: account.view() };
}

async function end(flow: AccountFlow): Promise<void> {
  flow.cancel();
  await flow.reporter.flush();
  flow.reporter.cancel();
  await flow.journal.close();
}
