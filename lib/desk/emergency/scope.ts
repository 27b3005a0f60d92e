import { PAPER_ACCOUNT, type StopScope } from "../../contracts/emergency.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";

/** The account of an agent as scopes name it: the exchange key, or paper. */
export function accountKeyOf(
  { execution }: Pick<DeskAccountConfig, "execution">,
): string {
  return execution?.kind === "venue" ? execution.credentialId : PAPER_ACCOUNT;
}

/** Whether a scope is about an account. One whose owner is not known belongs to everybody: it is better stopped. */
export function isInScope(
  scope: StopScope,
  account: { config: DeskAccountConfig; ownerId: string | undefined },
): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "agent":
      return account.config.agentId === scope.id;
    case "user":
      return account.ownerId === undefined || account.ownerId === scope.id;
    case "account":
      return accountKeyOf(account.config) === scope.id;
  }
}
