import type { BehaviorInstance, Output } from "../../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../../contracts/agent.ts";
import { type DeskStepped, LINKS } from "../../contracts/links.ts";
import type { AgentBehavior } from "../engine.ts";

/** What passes between desk and agent at one candle. */
export interface Exchange {
  stepped: DeskStepped;
  /** What the agent answered, as outputs of its behaviour. */
  outputs: readonly Output[];
  agent: BehaviorInstance<AgentWorkerConfig, unknown>;
}

/**
 * The same behaviour, whose exchange with the desk is shown to an observer. It
 * must decide within the message of the desk: one that asks models has to be
 * answered before it comes here.
 */
export function observed(
  behavior: AgentBehavior,
  onExchange: (exchange: Exchange) => void,
): AgentBehavior {
  const noting = withNotes(behavior);
  return {
    ...noting,
    start(init) {
      const agent = noting.start(init);
      return {
        linkOpened: (link, info) => agent.linkOpened(link, info),
        receive(link, message) {
          const outputs = agent.receive(link, message);
          if (link === LINKS.desk) {
            const stepped = message as DeskStepped;
            onExchange({ stepped, outputs, agent });
          }
          return outputs;
        },
        pause: () => agent.pause(),
        resume: () => agent.resume(),
        configure: (config) => agent.configure(config),
        snapshot: () => agent.snapshot(),
        inspect: (query) => agent.inspect(query),
      };
    },
  };
}

/** The same behaviour, with its notes: a backtest spares its agents these, here somebody reads them. */
export function withNotes(behavior: AgentBehavior): AgentBehavior {
  return {
    ...behavior,
    start(init) {
      const config: AgentWorkerConfig & { notices: boolean } = {
        ...init.config,
        notices: true,
      };
      return behavior.start({ ...init, config });
    },
  };
}
