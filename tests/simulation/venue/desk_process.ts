import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import type {
  DeskAccountConfig,
  DeskConfig,
  VenueDeskConfig,
} from "../../../lib/contracts/desk.ts";
import type { Latch } from "../../../lib/contracts/emergency.ts";
import type { DeskToAgent } from "../../../lib/contracts/links.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import type { OpenGateway } from "../../../lib/desk/venue/opener.ts";
import type { DeskFiles } from "../../../lib/desk/journal/storage.ts";
import type { Boot } from "../machine/boot.ts";
import { Isolate } from "../machine/isolate.ts";

/** What a process is started with. */
export interface DeskProcessOptions {
  boot: Boot;
  account: DeskAccountConfig;
  storedTrades: number;
  latches: readonly Latch[];
  filesOf(isolate: Isolate): DeskFiles;
  openGateway(isolate: Isolate): OpenGateway;
  random: () => number;
  onReport(report: unknown): void;
  onAgentMessage(message: DeskToAgent): void;
  onSubscribe(fromSeq: number): void;
  onUncaught(error: unknown): void;
}

/** Way of a message between two workers. */
const HOP_MS = 1;

/** One process with the real desk program in it. */
export class DeskProcess {
  readonly isolate: Isolate;
  readonly #options: DeskProcessOptions;
  #handlers: ActorHandlers | null = null;

  constructor(options: DeskProcessOptions) {
    this.#options = options;
    const { boot, onUncaught } = options;
    this.isolate = new Isolate({ boot, id: "desk", onUncaught });
    this.isolate.epoch = boot.number;
  }

  start(): void {
    const { openGateway, filesOf, random } = this.#options;
    const program = createDeskProgram(filesOf(this.isolate), {
      openGateway: openGateway(this.isolate),
      random,
    });
    this.isolate.enter("start", () => {
      this.#handlers = program.start(this.#runtime()) as ActorHandlers;
    });
  }

  /** Hands something to the desk, a hop later. */
  deliver(what: string, run: (desk: ActorHandlers) => void): void {
    this.isolate.boot.later(HOP_MS, () =>
      this.isolate.enter(what, () => {
        if (this.#handlers !== null) run(this.#handlers);
      }));
  }

  /** Asks the desk; calls back with the answer or the error unless the process dies before. */
  ask(
    query: { type: string } & Record<string, unknown>,
    onAnswer: (answer: unknown) => void = () => {},
  ): void {
    this.deliver(`ask ${query.type}`, (desk) => {
      void Promise.resolve(desk.ask!(query)).then(onAnswer, onAnswer);
    });
  }

  #runtime(): ActorRuntime {
    const { boot, account, storedTrades } = this.#options;
    const { onAgentMessage, onSubscribe, onReport } = this.#options;
    const { agentId } = account;
    return {
      actorId: "desk",
      epoch: boot.number,
      config: {
        journalDir: "/journal",
        accounts: [{ account, storedTrades }],
        venue: venueOf(account),
        heldReason: null,
        latches: this.#options.latches,
      } satisfies DeskConfig,
      snapshot: null,
      clock: this.isolate.clock,
      send: (link, message) => {
        const copy = structuredClone(message) as never;
        boot.later(HOP_MS, () => {
          if (link === LINKS.agentOf(agentId)) return onAgentMessage(copy);
          const { type, fromSeq } = copy as { type: string; fromSeq: number };
          if (type === "subscribe") onSubscribe(fromSeq);
        });
      },
      credits: () => 64,
      report: (report) => {
        const copy = structuredClone(report);
        boot.later(HOP_MS, () => onReport(copy));
      },
      discard: () => {},
    };
  }
}

function venueOf({ execution }: DeskAccountConfig): VenueDeskConfig | null {
  if (execution === undefined || execution.kind === "candles") return null;
  return {
    exchange: execution.exchange,
    market: execution.market,
    endpoint: null,
    silence: new SharedArrayBuffer(8),
    isLiveArmed: true,
    keySecretPath: "",
  };
}
