/** Why a message reached nobody. */
export const DEAD_LETTER_REASONS = [
  /** It came from an incarnation that had ended. */
  "late_message",
  /** The answer came after its deadline; the asker was told that the outcome is unknown. */
  "late_reply",
  /** It had no known shape. */
  "unknown_message",
  /** It was in hand at two crashes of the actor that took it. */
  "poison",
  /** It was sent on a link that is not open. */
  "link_closed",
  /** Not one letter: so many came at once that the rest were only counted. */
  "not_kept",
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Each reason in words for people. */
export const DEAD_LETTER_MEANINGS: Readonly<Record<DeadLetterReason, string>> =
  {
    late_message: "it came from a run of the actor that had ended",
    late_reply:
      "the answer came after its deadline, when the asker had been told that the outcome is unknown",
    unknown_message: "it had no known shape",
    poison: "the actor crashed twice with it in hand, so it was put aside",
    link_closed: "it was sent on a link that is not open",
    not_kept: "so many came at once that the rest of them were only counted",
  };

/** A message that reached nobody, as it is kept for a person to look at. */
export interface DeadLetter {
  /** Place in the ring, ascending. */
  n: number;
  at: number;
  /** The actor that sent it or was to take it. */
  actorId: string;
  /** Null where the actor is not an agent. */
  agentId: string | null;
  agentName: string | null;
  epoch: number;
  reason: DeadLetterReason;
  /** Link it travelled on, or null on the actor's own channel. */
  link: string | null;
  /** What it was, in a few words. Never its content: that may be secret. */
  detail: string;
}
