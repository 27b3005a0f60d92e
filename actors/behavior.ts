/**
 * A behaviour is the pure form of an actor: messages in, outputs out. It has no
 * clock, no randomness of its own and no I/O, so the same messages give the
 * same outputs live, on paper, in a backtest and in a replay.
 *
 * @module
 */
import type { ConfigureEffect } from "./program.ts";

/** Something a behaviour wants done: a message over a link, or a report to the owner. */
export type Output =
  | {
    to: "link";
    link: string;
    message: unknown;
    /**
     * The runtime notes on the message when it leaves (`sentAtMs`) and when the
     * work on what led to it began (`beganAtMs`), epoch ms with fractions. Who
     * receives it in a behaviour finds `receivedAtMs`, too. For measuring only.
     */
    stamp?: true;
  }
  | { to: "owner"; report: unknown };

/** What an instance starts from. */
export interface BehaviorInit<Config, Snapshot> {
  actorId: string;
  config: Config;
  /** Null on the first start. Its version equals the behaviour's. */
  snapshot: Snapshot | null;
}

/** One running behaviour. State lives inside and changes only through these calls. */
export interface BehaviorInstance<Config, Snapshot> {
  /** Called once after start and after every (re)opening of a link. */
  linkOpened(link: string, info: unknown): readonly Output[];
  receive(link: string, message: unknown): readonly Output[];
  /** A link was closed: its far end is gone or starts again. Left out where that changes nothing. */
  linkClosed?(link: string): readonly Output[];
  pause(): readonly Output[];
  resume(): readonly Output[];
  configure(config: Config): ConfigureEffect;
  snapshot(): Snapshot;
  /** A snapshot was just taken to be stored. Left out where that changes nothing. */
  snapshotTaken?(): readonly Output[];
  /** Another snapshot is due although nothing came after the last one. Left out where none ever is. */
  isSnapshotDue?(): boolean;
  /** Answers a read-only question; never changes state. */
  inspect(query: unknown): unknown;
}

/** A kind of behaviour: a name, a snapshot version, and how to start an instance. */
export interface Behavior<Config = unknown, Snapshot = unknown> {
  readonly name: string;
  /** Raised whenever the shape of the snapshot changes. */
  readonly snapshotVersion: number;
  /**
   * Brings a snapshot of an older version up to date, one version at a time:
   * the function under n makes a state of version n + 1. A version without one
   * cannot be started from, and the actor is quarantined: starting empty
   * instead would forget positions and decisions. Empty while there is one
   * version only.
   */
  readonly upcasters: Readonly<Record<number, (state: unknown) => unknown>>;
  start(
    init: BehaviorInit<Config, Snapshot>,
  ): BehaviorInstance<Config, Snapshot>;
}

/** A snapshot as it travels and is stored: the behaviour's state with its name and version. */
export interface VersionedSnapshot<Snapshot = unknown> {
  behavior: string;
  version: number;
  state: Snapshot;
}
