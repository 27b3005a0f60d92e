/**
 * Client order ids: letters and digits of a fixed width, so that every venue
 * takes them and a prefix tells whose order it is:
 *
 *     namespace 3 | agent key 5 | epoch 3 | role 1 | sequence 5
 *
 * Epoch and sequence are in base 36. An id is used once: each opening of an
 * account has an epoch of its own, and within it the sequence only goes up. When
 * either runs out no further id is made.
 *
 * The role follows from the sequence (its remainder by four), so that one
 * question to the venue is enough for each sequence number.
 *
 * @module
 */
import type { ClientIdParts } from "../../contracts/desk.ts";
import type { OrderRole } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";

/** Characters of an id. */
export const CLIENT_ORDER_ID_LENGTH = 17;

const EPOCH_DIGITS = 3;
const SEQUENCE_DIGITS = 5;

/** Epochs of an account; the next one is refused. */
export const EPOCHS_MAX = 36 ** EPOCH_DIGITS - 1;

/** Sequence numbers of an epoch. */
export const SEQUENCES_MAX = 36 ** SEQUENCE_DIGITS;

/** So long lasts a place at which an unwritten epoch may begin. */
const UNWRITTEN_STEP_MS = 250;

/** Roles by the remainder of their sequence numbers, in the order in which a position needs them. */
const ROLES: readonly OrderRole[] = ["entry", "stop", "target", "close"];

const LETTERS: Readonly<Record<OrderRole, string>> = {
  entry: "e",
  stop: "s",
  target: "t",
  close: "c",
};

/** Where an id stands among those of its account. */
export interface ClientIdPlace {
  epoch: number;
  sequence: number;
}

/** An id taken apart. */
export interface ParsedClientId extends ClientIdPlace, ClientIdParts {
  role: OrderRole;
}

/** Role of the order with this sequence number. */
export function roleOf(sequence: number): OrderRole {
  return ROLES[sequence % ROLES.length]!;
}

/**
 * Where the numbers of an epoch begin that may never come to the disk: in the
 * upper half, which no other epoch reaches, and by the clock, so that a later
 * opening which takes the same epoch begins elsewhere. The places come again
 * after eleven days, and leave as many numbers as lie between them.
 */
export function unwrittenSequence(nowMs: EpochMs): number {
  const quarter = SEQUENCES_MAX / 4;
  const place = ROLES.length * Math.floor(nowMs / UNWRITTEN_STEP_MS);
  return 2 * quarter + place % quarter;
}

/** The first sequence number from `from` on that belongs to a role. */
export function nextSequence(role: OrderRole, from: number): number {
  const wanted = ROLES.indexOf(role);
  const count = ROLES.length;
  return from + (wanted - from % count + count) % count;
}

/** Makes an id; null where its numbers are used up. */
export function makeClientOrderId(
  { namespace, agentKey }: ClientIdParts,
  { epoch, sequence }: ClientIdPlace,
): string | null {
  if (!isIn(epoch, EPOCHS_MAX + 1) || !isIn(sequence, SEQUENCES_MAX)) {
    return null;
  }
  const role = LETTERS[roleOf(sequence)];
  return namespace + agentKey + digits(epoch, EPOCH_DIGITS) + role +
    digits(sequence, SEQUENCE_DIGITS);
}

/** Takes an id apart; null for any other text. */
export function parseClientOrderId(text: string): ParsedClientId | null {
  const match =
    /^([0-9A-Za-z]{3})([0-9A-Za-z]{5})([0-9a-z]{3})([estc])([0-9a-z]{5})$/
      .exec(text);
  if (match === null) return null;
  const [, namespace, agentKey, epochText, letter, sequenceText] = match;
  const sequence = parseInt(sequenceText!, 36);
  const role = roleOf(sequence);
  if (LETTERS[role] !== letter) return null;
  return {
    namespace: namespace!,
    agentKey: agentKey!,
    epoch: parseInt(epochText!, 36),
    role,
    sequence,
  };
}

function isIn(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}

function digits(value: number, width: number): string {
  return value.toString(36).padStart(width, "0");
}
