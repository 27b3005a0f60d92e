/**
 * What holds for a team as a whole, beyond what holds for each of its agents.
 *
 * @module
 */
import { quotaSentence } from "../../contracts/quota.ts";
import { isDeepStrictEqual } from "node:util";
import type { ConfigWarning } from "../../contracts/agent.ts";
import {
  type AgentConfig,
  agentNameSchema,
} from "../../contracts/agent_config.ts";
import { placesOrders } from "../../contracts/team.ts";
import type { AgentEntry } from "../registry.ts";
import type { TeamPlan } from "./team_plan.ts";

/** Longest name of an agent. */
const NAME_CHARACTERS = 40;

/** A member whose settings are sound by themselves. */
export interface SoundMember {
  place: number;
  config: AgentConfig;
}

/** What is wrong with a team as one; pointers as in the request. */
export function findTeamErrors(
  plan: TeamPlan,
  context: {
    sound: readonly SoundMember[];
    /** Agents of the same owner. */
    siblings: readonly AgentEntry[];
    agentsAllowed: number;
  },
): ConfigWarning[] {
  return [
    ...plan.errors,
    ...findNameErrors(plan, context.siblings),
    ...findQuotaErrors(plan, context),
    ...findMarketErrors(context.sound),
    ...findLiveErrors(context.sound),
  ];
}

function findNameErrors(
  { name, members }: TeamPlan,
  siblings: readonly AgentEntry[],
): ConfigWarning[] {
  const errors: ConfigWarning[] = [];
  const longest = members.map((member) => member.name)
    .reduce((a, b) => b.length > a.length ? b : a);
  if (!agentNameSchema.safeParse(longest).success) {
    errors.push({
      pointer: "/name",
      code: "NAME_TOO_LONG",
      detail:
        `An agent of the team would be named "${longest}", with ${longest.length} of ${NAME_CHARACTERS} characters; shorten the name of the team`,
    });
  }
  const taken = siblings.some(({ record: { team } }) =>
    team?.name.toLowerCase() === name.toLowerCase()
  );
  if (taken) {
    errors.push({
      pointer: "/name",
      code: "NAME_TAKEN",
      detail: `You have a team named "${name}" already; choose another name`,
    });
  }
  return errors;
}

function findQuotaErrors(
  { members }: TeamPlan,
  { siblings, agentsAllowed }: {
    siblings: readonly AgentEntry[];
    agentsAllowed: number;
  },
): ConfigWarning[] {
  if (siblings.length + members.length <= agentsAllowed) return [];
  return [{
    pointer: "",
    code: "QUOTA_EXCEEDED",
    detail: quotaSentence(
      { quota: "agents", used: siblings.length, limit: agentsAllowed },
      members.length,
    ),
  }];
}

/** Signals are of one market: a team-mate on another could not say what they mean. */
function findMarketErrors(sound: readonly SoundMember[]): ConfigWarning[] {
  const first = sound[0];
  if (first === undefined) return [];
  return sound.filter(({ config }) =>
    !isDeepStrictEqual(config.feed, first.config.feed)
  ).map(({ place }) => ({
    pointer: `/members/${place}/feed`,
    code: "TEAM_FEED",
    detail:
      "All agents of a team work on the same market data; give this one the feed of the first",
  }));
}

/** With money in play one agent trades, and the others only tell it what they see. */
function findLiveErrors(sound: readonly SoundMember[]): ConfigWarning[] {
  const live = sound.filter(({ config }) => config.mode === "live");
  if (live.length === 0) return [];
  const errors = live.filter(({ config }) => !placesOrders(config))
    .map(({ place }) => ({
      pointer: `/members/${place}/mode`,
      code: "TEAM_LIVE",
      detail:
        "Only the agent that places orders trades live; choose paper for this one",
    }));
  const trading = sound.filter(({ config }) => placesOrders(config));
  return [
    ...errors,
    ...trading.slice(1).map(({ place }) => ({
      pointer: `/members/${place}/signalsOnly`,
      code: "TEAM_LIVE",
      detail:
        "Only one agent of a live team places orders; set signalsOnly for this one",
    })),
  ];
}
