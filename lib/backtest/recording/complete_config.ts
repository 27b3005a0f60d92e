import type { Behavior, BehaviorInstance } from "../../../actors/behavior.ts";
import { agentConfigSchema } from "../../contracts/agent_config.ts";

/**
 * A behaviour that understands the configurations of earlier builds: settings
 * that came later get their defaults, which are what those builds did. So a
 * recording stays comparable when a setting is added.
 */
export function withCompleteConfig(behavior: Behavior): Behavior {
  return {
    name: behavior.name,
    snapshotVersion: behavior.snapshotVersion,
    upcasters: behavior.upcasters,
    start: (init) =>
      completeInstance(
        behavior.start({ ...init, config: complete(init.config) }),
      ),
  };
}

function completeInstance(
  instance: BehaviorInstance<unknown, unknown>,
): BehaviorInstance<unknown, unknown> {
  return {
    linkOpened: (link, info) => instance.linkOpened(link, info),
    receive: (link, message) => instance.receive(link, message),
    pause: () => instance.pause(),
    resume: () => instance.resume(),
    configure: (config) => instance.configure(complete(config)),
    snapshot: () => instance.snapshot(),
    inspect: (query) => instance.inspect(query),
  };
}

/** The start configuration of an agent with whatever its configuration lacks. */
function complete(start: unknown): unknown {
  const { config, ...rest } = start as { config: unknown };
  return { ...rest, config: agentConfigSchema.parse(config) };
}
