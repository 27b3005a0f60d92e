import type { AgentDetail } from "../../contracts/agent.ts";
import { Banner } from "../Feedback.tsx";

/** What keeps an agent from trading, each with its reason; nothing while nothing does. */
export function AgentProblems(
  { agent }: {
    agent: Pick<
      AgentDetail,
      | "feedProblem"
      | "venueProblem"
      | "modelProblem"
      | "account"
      | "waitsFor"
      | "hostProblem"
    >;
  },
) {
  const { feedProblem, venueProblem, modelProblem, account, waitsFor = null } =
    agent;
  const { hostProblem = null } = agent;
  const blocked = account?.tradingStateReason ?? null;
  const isOpen = account !== null && account.position !== null &&
    account.position.isProtected === false;
  return (
    <>
      {hostProblem !== null && (
        <Banner tone="danger" testId="host-problem">
          {hostProblem}.
        </Banner>
      )}
      {feedProblem !== null && (
        <Banner tone="warn" testId="feed-problem">
          No market data: {feedProblem}
        </Banner>
      )}
      {venueProblem !== null && (
        <Banner tone="danger" testId="venue-problem">
          At the exchange: {venueProblem}
        </Banner>
      )}
      {modelProblem && (
        <Banner tone="warn" testId="model-problem">
          Decides less: {modelProblem}
        </Banner>
      )}
      {waitsFor !== null && (
        <Banner tone="warn" testId="waits-for">{waitsFor}</Banner>
      )}
      {blocked !== null && (
        <Banner tone="warn" testId="entry-block">
          Opens nothing new: {blocked}
        </Banner>
      )}
      {isOpen && (
        <Banner tone="danger" testId="unprotected">
          The position has no stop at the exchange now; the desk puts one there
          or closes the position.
        </Banner>
      )}
    </>
  );
}
