import { useEffect } from "preact/hooks";

/** Takes the query off the address bar and out of the history, so that a one-time token does not stay there. */
export default function CleanUrl() {
  useEffect(() => history.replaceState(null, "", location.pathname), []);
  return null;
}
