import type { Alerts } from "../alerts/port.ts";
import type { Backtests } from "../backtest/port.ts";
import type { Fleet } from "../fleet/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { createJudge, type JudgeOptions } from "./judge.ts";
import type { PageAsk, Services } from "./page_state.ts";
import {
  agentSubject,
  alertChannelSubject,
  alertRuleSubject,
  backtestSubject,
  keySubject,
} from "./subjects.ts";

/** Where things are that forms are about. */
interface Things {
  exchangeKeys: ExchangeKeys;
  alerts: Alerts;
  fleet: Fleet;
  backtests: Backtests;
}

/** Makes what asks the policy table for the forms of pages, as the API does for requests. */
export function createPageAuthorizer(
  options: JudgeOptions & Things,
): Services["authorize"] {
  const judge = createJudge(options);
  return async (
    {
      identity,
      exchangeKeyId,
      alertThing,
      agentId,
      backtestId,
      path,
      requestId,
      ...ask
    },
  ) => {
    const { id: userId, email } = identity.user;
    const caller = { userId, email, via: "panel", requestId } as const;
    const refusal = await judge.decide(
      { identity, caller, path },
      {
        ...ask,
        find: finder(options, {
          exchangeKeyId,
          alertThing,
          agentId,
          backtestId,
        }),
      },
    );
    if (refusal !== null) throw refusal;
  };
}

/** What finds the thing that a form is about; undefined where it is about none. */
function finder(
  { fleet, exchangeKeys, backtests, alerts }: Things,
  { exchangeKeyId, alertThing, agentId, backtestId }: {
    exchangeKeyId: string | undefined;
    alertThing: PageAsk["alertThing"] | undefined;
    agentId: string | undefined;
    backtestId: string | undefined;
  },
) {
  if (exchangeKeyId !== undefined) {
    return () => keySubject(exchangeKeys, exchangeKeyId);
  }
  if (alertThing !== undefined) {
    const { thing, id } = alertThing;
    return thing === "channel"
      ? () => alertChannelSubject(alerts, id)
      : () => alertRuleSubject(alerts, id);
  }
  if (backtestId !== undefined) {
    return () => backtestSubject(backtests, backtestId);
  }
  return agentId === undefined ? undefined : () => agentSubject(fleet, agentId);
}
