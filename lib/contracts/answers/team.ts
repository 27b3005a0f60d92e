import * as z from "zod";
import { TEAM_STATES } from "../team_state.ts";
import type {
  CheckedMember,
  TeamControlResponse,
  TeamMemberView,
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../team.ts";
import {
  agentViewSchema,
  configWarningSchema,
  resourceEstimateSchema,
  validationResponseSchema,
} from "./agent.ts";
import { AGENT_TYPES, agentConfigSchema } from "../agent_config.ts";
import { DESIRED_STATES, OBSERVED_STATES } from "../lifecycle.ts";
import { ownerSchema } from "./owner.ts";
import { same } from "./parts.ts";

/** {@link TeamMemberView} */
export const teamMemberViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  type: z.enum(AGENT_TYPES),
  mode: agentViewSchema.shape.mode,
  desired: z.enum(DESIRED_STATES),
  observed: z.enum(OBSERVED_STATES),
});
same<TeamMemberView, typeof teamMemberViewSchema>();

/** {@link TeamView} */
export const teamViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(TEAM_STATES),
  size: z.number(),
  mode: agentViewSchema.shape.mode,
  templateName: z.string().nullable(),
  createdAt: z.number(),
  owner: ownerSchema.optional(),
  members: z.array(teamMemberViewSchema),
});
same<TeamView, typeof teamViewSchema>();

/** {@link TeamTemplate} */
export const teamTemplateSchema = z.object({
  name: z.string(),
  title: z.string(),
  purpose: z.string(),
  whenItWorks: z.string(),
  risk: z.string(),
  members: z.array(z.object({
    role: z.string(),
    title: z.string(),
    config: z.record(z.string(), z.unknown()),
  })),
});
same<TeamTemplate, typeof teamTemplateSchema>();

/** {@link TeamControlResponse} */
export const teamControlResponseSchema = z.object({
  team: teamViewSchema,
  results: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.string(),
      outcome: z.enum(["accepted", "left"]),
      detail: z.string().nullable(),
    }),
  ),
});
same<TeamControlResponse, typeof teamControlResponseSchema>();

/** {@link CheckedMember} */
export const checkedMemberSchema = z.object({
  role: z.string(),
  title: z.string(),
  name: z.string(),
  config: agentConfigSchema.nullable(),
  estimate: resourceEstimateSchema.nullable(),
});
same<CheckedMember, typeof checkedMemberSchema>();

/** {@link TeamValidationResponse} */
export const teamValidationResponseSchema = validationResponseSchema.pick({
  valid: true,
  estimate: true,
  worstDayLoss: true,
  worstTotalLoss: true,
}).extend({
  errors: z.array(configWarningSchema),
  warnings: z.array(configWarningSchema),
  members: z.array(checkedMemberSchema),
});
same<TeamValidationResponse, typeof teamValidationResponseSchema>();
