import type { Fleet } from "../fleet/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { createJudge, type JudgeOptions } from "./judge.ts";
import type { Services } from "./page_state.ts";
import { agentSubject, keySubject } from "./subjects.ts";

/** Makes what asks the policy table for the forms of pages, as the API does for requests. */
export function createPageAuthorizer(
  options: JudgeOptions & { exchangeKeys: ExchangeKeys; fleet: Fleet },
): Services["authorize"] {
  const judge = createJudge(options);
  return async ({ identity, exchangeKeyId, agentId, path, ...ask }) => {
    const { id: userId, email } = identity.user;
    const caller = { userId, email, via: "panel" } as const;
    const refusal = await judge.decide(
      { identity, caller, path, requestId: null },
      {
        ...ask,
        find: exchangeKeyId !== undefined
          ? () => keySubject(options.exchangeKeys, exchangeKeyId)
          : agentId !== undefined
          ? () => agentSubject(options.fleet, agentId)
          : undefined,
      },
    );
    if (refusal !== null) throw refusal;
  };
}
