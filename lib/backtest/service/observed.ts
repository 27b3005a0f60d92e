import type { BehaviorInstance } from "../../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../../contracts/agent.ts";
import { type DeskStepped, LINKS } from "../../contracts/links.ts";
import type { AgentBehavior } from "../engine.ts";

/** What passes between desk and agent at one candle. */
export interface Exchange {
  stepped: DeskStepped;
  /** What the agent answered, as outputs of its behaviour. */
  outputs: ReturnType<BehaviorInstance<AgentWorkerConfig, unknown>["receive"]>;
  agent: BehaviorInstance<AgentWorkerConfig, unknown>;
}

/** The same behaviour, whose exchange with the desk is shown to an observer. */
export function observed(
  behavior: AgentBehavior,
  onExchange: (exchange: Exchange) => void,
): AgentBehavior {
  return {
    ...behavior,
    start(init) {
      // A backtest spares its agents the notes on their decisions; here somebody reads them.
      const config: AgentWorkerConfig & { notices: boolean } = {
        ...init.config,
        notices: true,
      };
      const agent = behavior.start({ ...init, config });
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
