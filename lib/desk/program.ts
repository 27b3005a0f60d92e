/**
 * The desk worker's program: the accounts of many agents, each with its own
 * journal, fed by candle links and commanded by agent links.
 *
 * A disk that refuses a journal never ends the desk. Commands of the owner are
 * then carried out in memory and answered at once, because a stop must not hang
 * on a full disk; the answer's account is `halted` and says why, and what was
 * done is written first when the disk is back. A crash before that loses it,
 * with nothing outside resting on it: a withdrawal is repeated, because the
 * owner opens the account again with `entriesAllowed: false`; a position that
 * was closed in memory only is open again with its stop and target, and the
 * account shows it, so that the owner can close it again.
 *
 * @module
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../actors/program.ts";
import type { DeskConfig, DeskQuery } from "../contracts/desk.ts";
import type { FeedMessage } from "../contracts/links.ts";
import type { AccountFlow } from "./account_flow.ts";
import { DeskAccounts } from "./desk_accounts.ts";
import { DeskLinks } from "./desk_links.ts";
import { DeskQueries, type DeskQueryAnswer } from "./desk_queries.ts";
import { DeskVenues } from "./desk_venues.ts";
import { EmergencyDesk } from "./emergency/emergency_desk.ts";
import { GuardDesk } from "./guard/guard_desk.ts";
import { emergencyFilesOf } from "./emergency/files.ts";
import { type DeskFiles, DISK } from "./journal/storage.ts";
import type { DeskProgramOptions } from "./program_options.ts";

/** Makes a desk program over the given files. */
export function createDeskProgram(
  files: DeskFiles = DISK,
  options: DeskProgramOptions = {},
): ActorProgram {
  return { start: (runtime) => new Desk(runtime, files, options) };
}

/** The program of the desk worker; its configuration is a {@link DeskConfig}. */
export const deskProgram: ActorProgram = createDeskProgram();

class Desk implements ActorHandlers {
  readonly #accounts: DeskAccounts;
  readonly #links: DeskLinks;
  readonly #queries: DeskQueries;
  readonly #guards: GuardDesk;

  constructor(
    runtime: ActorRuntime,
    files: DeskFiles,
    options: DeskProgramOptions,
  ) {
    const config = runtime.config as DeskConfig;
    const flows = new Map<string, AccountFlow>();
    const emergency = new EmergencyDesk({
      runtime,
      flows,
      files: emergencyFilesOf(config, options),
      latches: config.latches ?? [],
    });
    const guards = config.guards ?? [];
    this.#guards = new GuardDesk({ runtime, flows, guards });
    this.#links = new DeskLinks(flows, runtime);
    this.#accounts = new DeskAccounts({
      runtime,
      files,
      sizes: options,
      journalDir: config.journalDir,
      flows,
      links: this.#links,
      venues: new DeskVenues({
        runtime,
        venue: config.venue ?? null,
        openGateway: options.openGateway ?? null,
        random: options.random ?? (() => 0.5),
        liveBlock: options.liveBlock ?? (() => null),
      }),
      emergency,
      guards: this.#guards,
      heldReason: config.heldReason,
    });
    this.#queries = new DeskQueries({
      accounts: this.#accounts,
      emergency,
      guards: this.#guards,
      runtime,
    });
    for (const opening of config.accounts) this.#accounts.tryOpen(opening);
  }

  receive(link: string, message: unknown): void {
    if (this.#guards.isGuardLink(link)) {
      return this.#guards.receive(link, message);
    }
    const { kind, flow } = this.#links.parse(link);
    if (flow === null) this.#links.keep(link, message);
    else if (kind === "candles") {
      this.#guards.hear(flow, message as FeedMessage);
      flow.receiveCandles(message as FeedMessage);
    } else flow.latency.receive(message, () => flow.receiveAgent(message));
  }

  linkOpened(link: string, info: unknown): void {
    if (this.#guards.isGuardLink(link)) this.#guards.linkOpened(link);
    else this.#links.open(link, info);
  }

  linkClosed(link: string): void {
    if (this.#guards.isGuardLink(link)) this.#guards.linkClosed(link);
    else this.#links.close(link);
  }

  credited(link: string): void {
    if (this.#guards.isGuardLink(link)) return this.#guards.credited(link);
    const { kind, flow } = this.#links.parse(link);
    if (kind === "agent") flow?.pump();
  }

  async ask(query: unknown): Promise<DeskQueryAnswer> {
    return await this.#queries.answer(query as DeskQuery);
  }

  async stop(): Promise<void> {
    await this.#accounts.stop();
  }
}
