import type { BundleExport, BundleStatement } from "../contracts/bundle.ts";
import { sharedConfig } from "../contracts/shared_config.ts";
import {
  type SharedTemplate,
  sharedTemplateSchema,
} from "../contracts/template.ts";
import type { Fleet } from "../fleet/port.ts";

/** Longest name of a template. */
const NAME_LENGTH_MAX = 40;

/** What is shared. */
export type BundleContent = Pick<
  BundleStatement,
  "title" | "parts" | "listens"
>;

/** Where configurations come from. */
export type ContentSource = Pick<
  Fleet,
  "exportTemplate" | "exportAgentTemplate" | "list" | "get" | "teams"
>;

/**
 * The parts of a template, an agent or a team, cleaned of all that is of this
 * place.
 *
 * @throws {AppError} TEMPLATE_NOT_FOUND, AGENT_NOT_FOUND or TEAM_NOT_FOUND.
 */
export function contentOf(
  fleet: ContentSource,
  { source, name }: Pick<BundleExport, "source" | "name">,
): BundleContent {
  if (source.kind === "team") {
    return teamContent(fleet, { id: source.id, name });
  }
  const part = toPart(
    source.kind === "template"
      ? fleet.exportTemplate(source.name)
      : fleet.exportAgentTemplate(source.id, name),
    name,
  );
  return { title: part.title, parts: [part], listens: {} };
}

function teamContent(
  fleet: ContentSource,
  { id, name }: { id: string; name: string },
): BundleContent {
  const team = fleet.teams.get(id);
  const members = fleet.list().filter((agent) => agent.team?.id === id);
  const nameOf = new Map(members.map((agent) => [
    agent.id,
    `${name.slice(0, NAME_LENGTH_MAX - 1 - agent.team!.role.length)}-${
      agent.team!.role
    }`,
  ]));
  return {
    title: team.name,
    parts: members.map((agent) => {
      const part = nameOf.get(agent.id)!;
      return toPart(fleet.exportAgentTemplate(agent.id, part), part);
    }),
    listens: Object.fromEntries(members.map((agent) => [
      nameOf.get(agent.id)!,
      fleet.get(agent.id).config.sources.flatMap((source) =>
        nameOf.get(source) ?? []
      ),
    ])),
  };
}

/** The template of a template's file, under another name and cleaned of all that is of this place. */
function toPart(file: string, name: string): SharedTemplate {
  const { template } = JSON.parse(file) as { template: SharedTemplate };
  return sharedTemplateSchema.parse({
    ...template,
    name,
    config: sharedConfig(template.config),
  });
}
