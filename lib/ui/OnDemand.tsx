import { useSignal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { showToast } from "./client/toasts.ts";

/**
 * A part whose code is loaded when it is wanted for the first time; it stays
 * then. Where the code does not come this is told and the wish taken back, so
 * that the same click can try again.
 */
export function OnDemand<P extends object>(
  { wanted, load, props, onFailed, meanwhile = null, isKept = true }: {
    wanted: boolean;
    load: () => Promise<ComponentType<P>>;
    props: P;
    onFailed: () => void;
    /** Stands in its place while it is on its way. */
    meanwhile?: ComponentChildren;
    /** It has an open and a closed state of its own, so it is drawn when it is not wanted, too. */
    isKept?: boolean;
  },
) {
  const part = useSignal<{ Component: ComponentType<P> } | null>(null);
  useEffect(() => {
    if (!wanted || part.peek() !== null) return;
    load().then(
      (Component) => part.value = { Component },
      () => {
        tellNotLoaded();
        onFailed();
      },
    );
  }, [wanted]);
  if (!wanted && !isKept) return null;
  const Component = part.value?.Component;
  if (Component !== undefined) return <Component {...props} />;
  return wanted ? <>{meanwhile}</> : null;
}

function tellNotLoaded(): void {
  showToast(
    "danger",
    "This part of the page could not be loaded",
    "Check the connection and try again",
  );
}
