import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskAccount } from "./account/account.ts";
import { toMessage } from "./account/stepped.ts";
import { STEPS_AHEAD_MAX } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { SegmentKeeper } from "./segment_keeper.ts";

/** Whose steps are told, and over which link. */
export interface StepsToTell {
  account: DeskAccount;
  segments: SegmentKeeper;
  runtime: ActorRuntime;
  link: string;
}

/** Tells an agent the steps it has not heard of, no faster than it decides on them. */
export function tellSteps(
  { account, segments, runtime, link }: StepsToTell,
  peer: Peer,
): void {
  if (!peer.isAttached || !segments.recall(peer.toldSeq)) return;
  const lastSeq = Math.min(account.seq, peer.decidedSeq + STEPS_AHEAD_MAX);
  while (peer.toldSeq < lastSeq && runtime.credits(link) > 0) {
    peer.toldSeq++;
    runtime.send(link, toMessage(account.steppedAt(peer.toldSeq)));
  }
}
