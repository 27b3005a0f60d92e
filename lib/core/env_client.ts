/**
 * Variables of programs that talk to a server, such as the command line.
 *
 * @module
 */

/** Each with its default and what it means. */
export const CLIENT_VARIABLES = {
  API_BASE_URL: {
    preset: "http://localhost:3001/api",
    help: "The server that the command line talks to, with or without /api",
  },
  AGENT_TOKEN: {
    preset: "",
    help: "API token of the command line, in place of its login",
  },
} as const;
