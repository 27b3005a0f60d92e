import type {
  TeamControlRequest,
  TeamControlResponse,
  TeamRequest,
  TeamSpawnRequest,
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../../contracts/team.ts";
import type { Caller } from "../port.ts";

/** Agents that are spawned, commanded and deleted as one. */
export interface Teams {
  /** Ready-made teams. */
  templates(): readonly TeamTemplate[];
  list(): readonly TeamView[];
  /** @throws {AppError} TEAM_NOT_FOUND */
  get(id: string): TeamView;
  /** Checks every member together with the others, without side effects. */
  validate(
    request: TeamRequest,
    caller: Caller,
  ): Promise<TeamValidationResponse>;
  /** Stores all members or none and starts them. */
  spawn(request: TeamSpawnRequest, caller: Caller): Promise<TeamView>;
  /** Stores the wish for all members that it makes sense for, as one. */
  control(
    id: string,
    request: TeamControlRequest,
    caller: Caller,
  ): Promise<TeamControlResponse>;
  /** Stops all members for good and forgets them. */
  remove(id: string, caller: Caller): Promise<void>;
}
