import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageState } from "../states/page-state.tsx";

export function NotFound(): ReactNode {
  return (
    <PageState kind="empty" title="There is no page at this address">
      <p>
        Go to the <Link to="/contacts">contacts</Link> or press <kbd>Ctrl K</kbd> and paste an id.
      </p>
    </PageState>
  );
}
