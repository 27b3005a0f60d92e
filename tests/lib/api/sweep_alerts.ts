import type { RuleRequest } from "../../../lib/contracts/alerts/rule.ts";
import { type World } from "./world.ts";

/** A rule as it is swept with. */
export const SWEPT_RULE: RuleRequest = {
  classes: ["trade_closed"],
  leastSeverity: "info",
  channelIds: [],
  scope: "own",
  quietHours: null,
};

/** A channel of somebody: the first they have, or a new one. */
export async function channelOf(
  { alerts }: World["options"],
  owner: { id: string; email: string },
): Promise<string> {
  const [known] = alerts.channels(owner.id);
  if (known !== undefined) return known.id;
  const { channel } = await alerts.addChannel(
    { kind: "webhook", name: "main", url: "https://hooks.example.com/x" },
    { userId: owner.id, email: owner.email, via: "api" },
  );
  return channel.id;
}
