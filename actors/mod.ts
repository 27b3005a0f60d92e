/**
 * The runtime: supervised actors in isolates of their own, joined by links
 * with credit. It knows nothing about what the actors do.
 *
 * - An actor is a {@link Behavior} (pure) or an {@link ActorProgram} (may do I/O).
 * - It runs in an {@link ActorHost}: a Deno Worker, or inline for tests and simulations.
 * - A {@link Supervisor} starts, watches, restarts, wires and stops it.
 *
 * A worker's entry file imports worker_main.ts instead, which is much smaller.
 *
 * @module
 */
export type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
  VersionedSnapshot,
} from "./behavior.ts";
export { behaviorProgram } from "./cell/behavior_program.ts";
export { recordedProgram } from "./cell/recorded_program.ts";
export { type CellSnapshot, readCellSnapshot } from "./cell/cell_snapshot.ts";
export type {
  CommandDone,
  CommandEntry,
  CommandOutcome,
} from "./cell/command_memory.ts";
export type { Clock, Timer } from "./clock.ts";
export { ACTOR_ERRORS, type ActorErrorCode } from "./errors.ts";
export type { ActorHost, HostFailure, HostListener } from "./host.ts";
export { collectGarbage, type GarbageOptions } from "./garbage.ts";
export { createInlineHost, type InlineHostOptions } from "./inline_host.ts";
export {
  isDown,
  isUp,
  nextState,
  renderLifecycleDiagram,
  renderLifecycleTable,
} from "./lifecycle.ts";
export { EVENTS_LANE_MAX, RESTART_BUDGET } from "./limits.ts";
export type { Lane } from "./mailbox.ts";
export type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
  ConfigureEffect,
  SendOptions,
  StopReason,
} from "./program.ts";
export type { Heartbeat } from "./protocol.ts";
export {
  createSimulatedClock,
  type SimulatedClock,
  type SimulatedClockOptions,
} from "./simulated_clock.ts";
export type { BackoffOptions } from "./supervision/backoff.ts";
export type { BudgetOptions } from "./supervision/budget.ts";
export type {
  ChildInit,
  ChildSpec,
  ChildStatus,
  CrashInfo,
  RestartKind,
  SupervisorEvent,
} from "./supervision/child_spec.ts";
export type { DeadLetterReason } from "./supervision/incarnation.ts";
export type { LinkEpochs, LinkSpec, PeerInfo } from "./supervision/wiring.ts";
export {
  createSupervisor,
  type StopOptions,
  type Supervisor,
  type SupervisorOptions,
} from "./supervisor.ts";
export { createReadyWorkers, type ReadyWorkers } from "./ready_worker.ts";
export { systemClock } from "./system_clock.ts";
export {
  createWorkerHost,
  NO_PERMISSIONS,
  type WorkerHostOptions,
  type WorkerPermissions,
} from "./worker_host.ts";
