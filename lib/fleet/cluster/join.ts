/**
 * A fleet among others: what is asked about an agent of another host goes to
 * that host; what is about all agents is answered from what the store tells.
 *
 * @module
 */
import type { FleetContext } from "../context.ts";
import type { Fleet } from "../port.ts";
import { answerOthers } from "./answer_others.ts";
import { askOthers, askTeam, refuseElsewhere } from "./ask_others.ts";
import { Followers } from "./followers.ts";
import { spawnSomewhere, spawnTeamSomewhere } from "./spawn_somewhere.ts";

/** A fleet that knows the others. */
export interface JoinedFleet {
  fleet: Fleet;
  /** Gives the agents away; called when none of them runs here any more. */
  leave(): Promise<void>;
}

/** Joins the processes over the store; null where this is the only one. */
export async function joinPeers(
  context: FleetContext,
  local: Fleet,
): Promise<JoinedFleet | null> {
  const { cluster, calls } = context;
  if (cluster === null || calls === null) return null;
  const followers = new Followers(context);
  answerOthers(context, local);
  await cluster.start();
  calls.start({ takesQuestions: cluster.isHost });
  followers.start();
  return {
    fleet: {
      ...local,
      ...askOthers(context, local),
      spawn: (request, caller) =>
        spawnSomewhere(context, local, { request, caller }),
      recording: (id, name) => {
        refuseElsewhere(context, id);
        return local.recording(id, name);
      },
      teams: {
        ...local.teams,
        spawn: (request, caller) =>
          spawnTeamSomewhere(context, local, { request, caller }),
        control: (id, ...rest) =>
          askTeam(context, local, { method: "control", args: [id, ...rest] }),
        remove: (id, ...rest) =>
          askTeam(context, local, { method: "remove", args: [id, ...rest] }),
      },
    },
    async leave() {
      followers.close();
      await cluster.leave();
      await calls.close();
    },
  };
}
