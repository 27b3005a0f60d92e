import type { Backtests } from "../backtest/port.ts";
import type { Fleet } from "../fleet/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { createJudge, type JudgeOptions } from "./judge.ts";
import type { Services } from "./page_state.ts";
import { agentSubject, backtestSubject, keySubject } from "./subjects.ts";

/** Where things are that forms are about. */
interface Things {
  exchangeKeys: ExchangeKeys;
  fleet: Fleet;
  backtests: Backtests;
}

/** Makes what asks the policy table for the forms of pages, as the API does for requests. */
export function createPageAuthorizer(
  options: JudgeOptions & Things,
): Services["authorize"] {
  const judge = createJudge(options);
  return async (
    { identity, exchangeKeyId, agentId, backtestId, path, requestId, ...ask },
  ) => {
    const { id: userId, email } = identity.user;
    const caller = { userId, email, via: "panel", requestId } as const;
    const refusal = await judge.decide(
      { identity, caller, path },
      {
        ...ask,
        find: finder(options, { exchangeKeyId, agentId, backtestId }),
      },
    );
    if (refusal !== null) throw refusal;
  };
}

/** What finds the thing that a form is about; undefined where it is about none. */
function finder(
  { fleet, exchangeKeys, backtests }: Things,
  { exchangeKeyId, agentId, backtestId }: {
    exchangeKeyId: string | undefined;
    agentId: string | undefined;
    backtestId: string | undefined;
  },
) {
  if (exchangeKeyId !== undefined) {
    return () => keySubject(exchangeKeys, exchangeKeyId);
  }
  if (backtestId !== undefined) {
    return () => backtestSubject(backtests, backtestId);
  }
  return agentId === undefined ? undefined : () => agentSubject(fleet, agentId);
}
